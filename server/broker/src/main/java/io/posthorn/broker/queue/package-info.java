/**
 * One queue and its consumers: entries in lanes by priority, who gets which, what comes back. Runs on the broker's driver;
 * knows neither frames nor connections nor the log's layout, and asks for those through {@link
 * io.posthorn.broker.queue.Courier} and {@link io.posthorn.broker.queue.Receiver}. Begin with {@link
 * io.posthorn.broker.queue.MessageQueue}.
 */
package io.posthorn.broker.queue;
