package io.posthorn.broker.store;

import io.posthorn.broker.record.LogRecord;
import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.message.ByteWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gathers the records of one command, appends them as one batch and replays them. Until {@link #commit} nothing has
 * happened. Replaying may lead to a further command's worth of records; those are a batch of their own, behind.
 */
public final class Recorder {

    /** What {@link #commit} returns when there was nothing to write. */
    public static final long NOTHING = 0;

    /** An array for positions of more records than this is not kept. */
    private static final int KEPT_MAX = 4096;

    private final Journal journal;
    private final LogRecord.Visitor state;
    private final SpaceAccount space;
    private final Batch batch = new Batch();
    private final ByteWriter head = new ByteWriter(256);
    private final ArrayDeque<Pending> spare = new ArrayDeque<>();
    private Pending pending = new Pending();
    private long end;
    private long lastPosition;
    private long appendedBytes;

    public Recorder(Journal journal, LogRecord.Visitor state, SpaceAccount space) {
        this.journal = journal;
        this.state = state;
        this.space = space;
    }

    /** The records of a batch; used again and again. */
    private static final class Pending {
        final List<LogRecord> records = new ArrayList<>();
        long[] positions = new long[8];
        int[] lengths = new int[8];

        void takePositions(Batch of) {
            int count = records.size();
            if (count > positions.length) {
                positions = new long[Math.max(count, positions.length * 2)];
                lengths = new int[positions.length];
            }
            for (int index = 0; index < count; index++) {
                positions[index] = of.position(index);
                lengths[index] = of.end(index) - of.start(index);
            }
        }

        void clear() {
            records.clear();
            if (positions.length > KEPT_MAX) {
                positions = Arrays.copyOf(positions, 8);
                lengths = Arrays.copyOf(lengths, 8);
            }
        }
    }

    /** Goes on behind {@code position}, with so many bytes in the log since the last checkpoint. */
    void resumeAt(long position, long bytes) {
        end = position;
        appendedBytes = bytes;
    }

    public void add(LogRecord record) {
        head.clear();
        record.encode(head);
        byte[] tail = record.tail();
        batch.add(head.array(), head.size(), tail, 0, tail.length);
        pending.records.add(record);
    }

    public boolean isEmpty() {
        return pending.records.isEmpty();
    }

    /** Appends what was added and replays it. Returns the position behind it, or {@link #NOTHING}. */
    public long commit(Flush flush) {
        if (isEmpty()) {
            return NOTHING;
        }
        appendedBytes += batch.length();
        long behind = journal.append(batch, flush);
        end = behind;
        Pending done = pending;
        done.takePositions(batch);
        batch.clear();
        lastPosition = done.positions[done.records.size() - 1];
        for (int index = 0; index < done.records.size(); index++) {
            space.seen(done.positions[index], done.lengths[index]);
        }
        pending = spare.isEmpty() ? new Pending() : spare.pop();
        for (int index = 0; index < done.records.size(); index++) {
            done.records.get(index).visit(state, done.positions[index]);
        }
        done.clear();
        spare.push(done);
        return behind;
    }

    /** Drops what was added since the last commit. */
    public void abandon() {
        pending.records.clear();
        batch.clear();
    }

    /** The position behind all that was appended. */
    public long end() {
        return end;
    }

    /** The position of the last record that was appended in this run. */
    long lastPosition() {
        return lastPosition;
    }

    /** How many bytes of records were appended since the checkpoint before this run. */
    public long appendedBytes() {
        return appendedBytes;
    }
}
