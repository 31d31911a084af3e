package io.posthorn.journal.salvage;

/**
 * A place where the files of a log are not what was written.
 *
 * @param kind what is damaged
 * @param place the file, for people
 * @param from the first damaged position; the last damaged record ends before {@code to}. Both 0 when no part of the log is
 *     damaged, but what is kept beside it
 * @param to see {@code from}
 * @param hindersStart whether a server refuses to start with it, or would start differently than it should
 * @param text what is wrong, with file and offset
 */
public record Damage(Kind kind, String place, long from, long to, boolean hindersStart, String text) {

    /** What can be damaged. */
    public enum Kind {
        CONTROL_FILE,
        CHECKPOINT,
        SEGMENT_GONE,
        SEGMENT_HEADER,
        UNREADABLE,
        RECORDS
    }

    /** Whether something at this position is lost by it. */
    public boolean covers(long position) {
        return position >= from && position < to;
    }
}
