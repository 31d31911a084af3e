package io.posthorn.journal.file;

import io.posthorn.journal.segment.Position;

/**
 * Where a log ends when it is opened.
 *
 * @param end position behind the last batch that counts
 * @param capacity bytes of the segment that holds the end, or the offset of the end if there is no segment yet
 */
record Tail(long end, int capacity) {

    /** The end of a log without any segment. */
    static Tail none() {
        return new Tail(Position.START, Position.offset(Position.START));
    }

    long segment() {
        return Position.segment(end);
    }
}
