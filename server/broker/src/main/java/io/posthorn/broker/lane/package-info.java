/**
 * The entries of one priority of a queue, in blocks that are in memory, or stored as a page in a log, or both, and the
 * bound on how much of them is in memory. Runs on the broker's driver; knows neither queues nor consumers nor what a page's
 * record looks like, and asks for those through {@link io.posthorn.broker.lane.Keeper}. Begin with {@link
 * io.posthorn.broker.lane.Lane}.
 */
package io.posthorn.broker.lane;
