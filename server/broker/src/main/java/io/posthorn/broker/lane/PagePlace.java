package io.posthorn.broker.lane;

/**
 * Where a block is stored.
 *
 * @param position of the page's record in its log
 * @param bytes length of that record
 * @param earliestMs when the first of its entries becomes ready, or expires; {@link EntryBlock#NEVER} for never
 * @param lowest the lowest position of its entries' messages
 * @param highest the highest of them
 */
public record PagePlace(long position, int bytes, long earliestMs, long lowest, long highest) {

    static PagePlace of(long position, int bytes, PageCodec.Summary summary) {
        return new PagePlace(position, bytes, summary.earliestMs(), summary.lowest(), summary.highest());
    }

    /** The same page at another position. */
    PagePlace at(long newPosition) {
        return new PagePlace(newPosition, bytes, earliestMs, lowest, highest);
    }

    /** Whether a message at this position may be one of its entries'. */
    public boolean mayHold(long messagePosition) {
        return messagePosition >= lowest && messagePosition <= highest;
    }
}
