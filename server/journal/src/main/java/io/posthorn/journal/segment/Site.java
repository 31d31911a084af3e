package io.posthorn.journal.segment;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.LogFolder;

/**
 * Which file is spoken of when something is wrong.
 *
 * @param folder the data folder, for people
 * @param place the file, for people
 * @param segment number of the segment that the file should be
 */
public record Site(String folder, String place, long segment) {

    public static Site of(LogFolder folder, long segment) {
        return new Site(folder.place(), folder.place(SegmentNames.segment(segment)), segment);
    }

    /** Bytes of the file are not what was written, or the file is gone. */
    public JournalException damaged(long offset, String what) {
        return damaged(
                folder,
                place + " is damaged at offset " + offset + " (position " + segment + ":" + offset + "): " + what);
    }

    /** The text of every damage: what, where, and the way out. */
    public static JournalException damaged(String folder, String what) {
        return new JournalException(
                JournalException.Kind.DAMAGED,
                what
                        + ". Nothing was changed. Restore the data folder from a copy, or run 'posthorn journal repair --data "
                        + folder + "', which keeps all that is whole and lists what is not.");
    }
}
