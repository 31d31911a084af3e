package io.posthorn.broker.lane;

/**
 * Where a block is stored.
 *
 * @param position of the page's record in its log
 * @param bytes length of that record
 * @param earliestMs when the first of its entries becomes ready, or expires; {@link EntryBlock#NEVER} for never
 */
public record PagePlace(long position, int bytes, long earliestMs) {}
