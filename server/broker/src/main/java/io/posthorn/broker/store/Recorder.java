package io.posthorn.broker.store;

import io.posthorn.broker.record.LogRecord;
import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.message.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers the records of one command, appends them as one batch and replays them. Until {@link #commit} nothing has
 * happened.
 */
public final class Recorder {

    /** What {@link #commit} returns when there was nothing to write. */
    public static final long NOTHING = 0;

    private final Journal journal;
    private final LogRecord.Visitor state;
    private final Batch batch = new Batch();
    private final ByteWriter head = new ByteWriter(256);
    private final List<LogRecord> records = new ArrayList<>();
    private long end;
    private long appendedBytes;

    public Recorder(Journal journal, LogRecord.Visitor state) {
        this.journal = journal;
        this.state = state;
    }

    public void add(LogRecord record) {
        head.clear();
        record.encode(head);
        byte[] tail = record.tail();
        batch.add(head.array(), head.size(), tail, 0, tail.length);
        records.add(record);
    }

    public boolean isEmpty() {
        return records.isEmpty();
    }

    /** Appends what was added and replays it. Returns the position behind it, or {@link #NOTHING}. */
    public long commit(Flush flush) {
        if (records.isEmpty()) {
            return NOTHING;
        }
        appendedBytes += batch.length();
        end = journal.append(batch, flush);
        List<LogRecord> done = List.copyOf(records);
        long[] positions = new long[done.size()];
        for (int index = 0; index < positions.length; index++) {
            positions[index] = batch.position(index);
        }
        records.clear();
        batch.clear();
        for (int index = 0; index < positions.length; index++) {
            done.get(index).visit(state, positions[index]);
        }
        return end;
    }

    /** Drops what was added since the last commit. */
    public void abandon() {
        records.clear();
        batch.clear();
    }

    /** The position behind all that was appended. */
    public long end() {
        return end;
    }

    /** How many bytes of records were appended in this run. */
    public long appendedBytes() {
        return appendedBytes;
    }
}
