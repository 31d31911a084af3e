package io.posthorn.journal.salvage;

import io.posthorn.journal.segment.SegmentHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What the survey found in one segment file. Offsets are in the file. */
final class SegmentFinding {

    final long segment;
    /** What a read error said; null when all of the file could be read. */
    String unreadable;
    /** The header as it is, or null if it is not whole. */
    SegmentHeader header;

    /** Length of the file as it was made, and as it is. */
    int capacity;

    long length;
    /** Behind the last whole record. */
    int end = SegmentHeader.LENGTH;

    /** Whether nothing but zeros follows the header. */
    boolean blank;

    final List<Gap> gaps = new ArrayList<>();
    /** What the mark at the start says; -1 when there is none. */
    long firstMark = -1;

    long markHighest;
    int epochHighest;

    /** Where whole records stand that tell all. */
    final List<Integer> telling = new ArrayList<>();

    SegmentFinding(long segment) {
        this.segment = segment;
    }

    /** Bytes before a whole record that are none. */
    record Gap(int from, int to) {}

    boolean isOf(UUID identity) {
        return header != null
                && header.segment() == segment
                && header.identity().equals(identity);
    }

    boolean hasRecords() {
        return end > SegmentHeader.LENGTH;
    }

    /** Whether the bytes from here on belong to whole records, if a record begins here. */
    boolean isWhole(int offset) {
        int low = 0;
        int high = gaps.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Gap gap = gaps.get(middle);
            if (offset < gap.from()) {
                high = middle - 1;
            } else if (offset >= gap.to()) {
                low = middle + 1;
            } else {
                return false;
            }
        }
        return offset >= SegmentHeader.LENGTH && offset < end;
    }
}
