package io.posthorn.admin.model;

/**
 * A queue.
 *
 * @param temporary whether it belongs to a connection
 * @param consumers how many consumers and browsers there are
 * @param messages what it holds
 */
public record QueueItem(String name, boolean temporary, int consumers, Stock messages) {}
