package io.posthorn.journal.file;

import io.posthorn.journal.segment.SegmentHeader;
import java.time.Duration;

/**
 * What can be set about a log in files.
 *
 * @param segmentBytes length of a segment's file; a batch that is longer gets a segment of its own length
 * @param spareSegments how many files of dropped segments are kept to be used again
 * @param stagingBytes how much memory for bytes that wait to be written is kept; half of it is filled while the other half
 *     is written. More is taken when the owner appends more
 * @param lazySyncDelay how long written bytes may stay unsynced when nobody waits for a sync
 * @param lazySyncBytes how many written bytes may stay unsynced when nobody waits for a sync
 * @param retryDelay after how long a segment that could not be made, or a checkpoint that could not be stored, is
 * tried
 *     again
 * @param readAheadBytes how many bytes are read at once for a thread that reads records in order
 * @param openSegments how many files stay open for reading
 * @param diskFreeMin how many bytes of the disk should stay free; with fewer there is {@link
 *     io.posthorn.journal.agent.Pressure}, and the log goes on as long as it can. 0: whatever is free
 */
public record FileJournalSettings(
        int segmentBytes,
        int spareSegments,
        int stagingBytes,
        Duration lazySyncDelay,
        int lazySyncBytes,
        Duration retryDelay,
        int readAheadBytes,
        int openSegments,
        long diskFreeMin) {

    /** Shortest segment: a header, a mark, and some records. */
    public static final int SEGMENT_BYTES_MIN = 4096;

    public FileJournalSettings {
        within("segmentBytes", segmentBytes, SEGMENT_BYTES_MIN, 1 << 30);
        within("spareSegments", spareSegments, 0, 1024);
        within("stagingBytes", stagingBytes, 4096, 1 << 30);
        within("lazySyncBytes", lazySyncBytes, 0, Integer.MAX_VALUE);
        within("readAheadBytes", readAheadBytes, SegmentHeader.LENGTH, 1 << 26);
        within("openSegments", openSegments, 1, 1 << 16);
        within("diskFreeMin", diskFreeMin, 0, Long.MAX_VALUE);
        positive("lazySyncDelay", lazySyncDelay);
        positive("retryDelay", retryDelay);
        segmentBytes &= ~7;
    }

    public static FileJournalSettings defaults() {
        return new FileJournalSettings(
                32 << 20, 2, 32 << 20, Duration.ofMillis(50), 4 << 20, Duration.ofSeconds(1), 256 << 10, 64, 0);
    }

    public FileJournalSettings withSegmentBytes(int bytes) {
        return new FileJournalSettings(
                bytes,
                spareSegments,
                stagingBytes,
                lazySyncDelay,
                lazySyncBytes,
                retryDelay,
                readAheadBytes,
                openSegments,
                diskFreeMin);
    }

    public FileJournalSettings withStagingBytes(int bytes) {
        return new FileJournalSettings(
                segmentBytes,
                spareSegments,
                bytes,
                lazySyncDelay,
                lazySyncBytes,
                retryDelay,
                readAheadBytes,
                openSegments,
                diskFreeMin);
    }

    public FileJournalSettings withLazySync(Duration delay, int bytes) {
        return new FileJournalSettings(
                segmentBytes,
                spareSegments,
                stagingBytes,
                delay,
                bytes,
                retryDelay,
                readAheadBytes,
                openSegments,
                diskFreeMin);
    }

    public FileJournalSettings withRetryDelay(Duration delay) {
        return new FileJournalSettings(
                segmentBytes,
                spareSegments,
                stagingBytes,
                lazySyncDelay,
                lazySyncBytes,
                delay,
                readAheadBytes,
                openSegments,
                diskFreeMin);
    }

    public FileJournalSettings withSpareSegments(int count) {
        return new FileJournalSettings(
                segmentBytes,
                count,
                stagingBytes,
                lazySyncDelay,
                lazySyncBytes,
                retryDelay,
                readAheadBytes,
                openSegments,
                diskFreeMin);
    }

    public FileJournalSettings withDiskFreeMin(long bytes) {
        return new FileJournalSettings(
                segmentBytes,
                spareSegments,
                stagingBytes,
                lazySyncDelay,
                lazySyncBytes,
                retryDelay,
                readAheadBytes,
                openSegments,
                bytes);
    }

    private static void within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be from " + min + " to " + max);
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be more than nothing");
        }
    }
}
