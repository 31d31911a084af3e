/**
 * How much a queue may hold and what happens beyond that: the policy, whether the queue is full and since when, and the count
 * of what left or was kept out because of it. Runs on the broker's driver. Knows no messages and no senders; begin with
 * {@link io.posthorn.broker.limit.Fullness}.
 */
package io.posthorn.broker.limit;
