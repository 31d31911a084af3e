package io.posthorn.admin.model;

/**
 * The messages of a queue or subscription, or of all subscriptions of a topic.
 *
 * @param depth how many there are, whoever holds them
 * @param ready how many of them could be delivered now
 * @param inFlight how many a consumer, or a transaction that is not decided, holds
 * @param bytes how long they are together
 * @param oldest when the oldest was sent; null when there is none
 * @param expired how many others expired since the server was started
 * @param deadLettered how many others went to the dead-letter queue since then, expired ones included
 * @param dropped how many others had to make room for newer ones since then
 * @param refused how many sends were refused, or had to wait, since then, as it was full
 */
public record Stock(
        long depth,
        long ready,
        long inFlight,
        long bytes,
        String oldest,
        long expired,
        long deadLettered,
        long dropped,
        long refused) {}
