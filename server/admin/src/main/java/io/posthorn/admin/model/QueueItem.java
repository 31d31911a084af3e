package io.posthorn.admin.model;

/**
 * A queue.
 *
 * @param temporary whether it belongs to a connection
 * @param depth how many messages there are, whoever holds them
 * @param ready how many of them could be delivered now
 * @param consumers how many consumers and browsers there are
 */
public record QueueItem(String name, boolean temporary, long depth, long ready, int consumers) {}
