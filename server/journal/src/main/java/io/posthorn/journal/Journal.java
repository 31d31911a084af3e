package io.posthorn.journal;

import io.posthorn.journal.agent.Pressure;
import java.util.List;
import java.util.UUID;

/**
 * One ordered log with one owner. Opening it fences every earlier owner. The order of calls is: open, {@link
 * #latestCheckpoint()}, {@link #replay}, {@link #listen}, then appends. Positions are opaque numbers that grow; nothing
 * but the journal knows what is behind them.
 *
 * <p>{@code append}, {@code flush}, {@code checkpoint} and {@code drop} belong to one thread, the owner's; {@code read}
 * may be called by any.
 */
public interface Journal extends AutoCloseable {

    /** Names this log for ever, across restarts. */
    UUID identity();

    /** Number of this ownership; larger than that of every owner before. */
    long epoch();

    /** Whether the owner before this one closed the log in order, after its last append. True for a new log. */
    boolean closedCleanly();

    /** The index that {@link #checkpoint} stored last, or null. */
    Checkpoint latestCheckpoint();

    /**
     * Reads every batch after the latest checkpoint, in order, to {@code visitor}. Once, before the first append. A torn
     * tail is cut and logged; damage before it is a {@link JournalException} that names file and position. When no
     * checkpoint can be read although segments were dropped, it begins with a batch that {@link BatchVisitor#tellsAll
     * tells all}, or fails if there is none.
     */
    void replay(BatchVisitor visitor) throws JournalException;

    /** Where to tell of progress and failure. Hand over, do not work there. */
    void listen(ProgressListener listener);

    /**
     * Takes a batch, one atomic unit: after a crash all of it is there, or nothing. Copies it, gives each of its records
     * a position ({@link Batch#position}), and returns the position behind the batch: once {@link
     * ProgressListener#onProgress} has reached it, the batch is written, or synced. Nothing moves until {@link #flush}.
     */
    long append(Batch batch, Flush flush);

    /** How many bytes that were appended are not written yet. An owner heeds it: nothing else bounds them. For any thread. */
    default long backlogBytes() {
        return 0;
    }

    /**
     * What the log waits for, or is short of; null for nothing. While there is something, the owner should append what frees
     * space or ends work, and put off the rest. For any thread.
     */
    default Pressure pressure() {
        return null;
    }

    /** Starts writing what was appended; returns at once. What gathers during a write goes with the next one. */
    void flush();

    /**
     * The same, by an owner that has no other work than what waits for the log. When that has been so for a while, and the disk is
     * quick, this thread may write and sync itself, and tell of the progress, before it returns; so no thread has to be woken.
     * What gathers while another thread writes may be left to the next call, which the owner makes when it hears of the progress.
     *
     * @return whether it was written here
     */
    default boolean flushHere() {
        flush();
        return false;
    }

    /**
     * The record at a position that was appended at any time and whose segment was not dropped. Blocks for the disk. Before
     * {@link #replay}, anything before the latest checkpoint can be read; during it, also anything in batches that ended.
     */
    byte[] read(long position) throws JournalException;

    /**
     * Reads the records of a segment that is neither dropped nor the current one in their order, about {@code bytes} of them,
     * from the position {@code from} on; 0 for the first. For any thread; blocks for the disk.
     */
    Portion scan(long segment, long from, int bytes) throws JournalException;

    /**
     * Stores an index of all that the log says up to {@code position} (a value that {@code append} returned, or replay
     * gave as the end of a batch), durably and in the background, after the log is synced up to there. The next owner
     * replays only what follows.
     */
    void checkpoint(long position, byte[] index);

    /** The segment that holds a position. Segments are numbered in the order of the log. */
    long segmentOf(long position);

    /** The segment that appends go to. */
    long currentSegment();

    /**
     * Frees a whole segment, once the checkpoint that was asked for last, which must lie behind it, is durable and no older
     * one would be gone back to. Reading positions in it is an error at once. A segment that was not freed yet when the
     * ownership ended exists again for the next owner.
     */
    void drop(long segment);

    /** Writes and syncs what was appended, marks the log as closed in order and gives up the ownership. */
    @Override
    void close() throws JournalException;

    /** How soon a batch must reach the disk. */
    enum Flush {
        /** Nobody waits: goes with the next write or within a millisecond, is synced with the next sync or within the bound for lazy syncs. */
        LAZY,
        /** Somebody waits for the write: handed to the operating system, synced within the bound for lazy syncs. */
        WRITE,
        /** Somebody waits for the sync. */
        SYNC
    }

    /** A record and where it stands. */
    record Found(long position, byte[] bytes) {}

    /** Some records of a segment, and where to go on; 0 at its end. */
    record Portion(List<Found> records, long next) {}

    /** An index and the position up to which it speaks. */
    record Checkpoint(long position, byte[] index) {}

    /** Receives batches in order, and is asked what it relies on. {@code end} is the position that {@code append} returned for the batch. */
    interface BatchVisitor {
        void onRecord(long position, byte[] bytes);

        void onBatchEnd(long end);

        /** Whether a record says all that the records before it have come to, so that one can begin with its batch. */
        default boolean tellsAll(byte[] bytes) {
            return false;
        }

        /** After the last batch: segments that hold something that is needed. One that is gone is damage. */
        default Iterable<Long> segmentsNeeded() {
            return List.of();
        }
    }

    /** Told on the journal's thread, or on the owner's within {@link #flushHere}. */
    interface ProgressListener {
        /** All before {@code written} survives the end of the process; all before {@code synced} a power cut. */
        void onProgress(long written, long synced);

        /** A write or sync failed: nothing after the last progress is certain, and the journal takes no more. */
        void onFailure(JournalException failure);
    }
}
