package io.posthorn.broker.lane;

/**
 * Where a block is stored.
 *
 * @param position of the page's record in its log
 * @param bytes length of that record
 * @param earliestMs when the first of its entries becomes ready, or expires; {@link EntryBlock#NEVER} for never
 * @param lowest the lowest position of its entries' messages
 * @param highest the highest of them
 * @param sentS when the first of its entries was sent, seconds since 1970
 */
public record PagePlace(long position, int bytes, long earliestMs, long lowest, long highest, int sentS) {

    static PagePlace of(long position, int bytes, PageCodec.Summary summary) {
        return new PagePlace(
                position, bytes, summary.earliestMs(), summary.lowest(), summary.highest(), summary.sentS());
    }

    /** The same page at another position. */
    PagePlace at(long newPosition) {
        return new PagePlace(newPosition, bytes, earliestMs, lowest, highest, sentS);
    }

    /** Whether a message at this position may be one of its entries'. */
    public boolean mayHold(long messagePosition) {
        return messagePosition >= lowest && messagePosition <= highest;
    }
}
