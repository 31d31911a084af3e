package io.posthorn.broker.store;

import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.Rubble;
import io.posthorn.broker.lane.Space;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import io.posthorn.wire.message.ByteWriter;
import java.util.List;

/**
 * The log for what need not survive and does not fit into memory: messages that are NON_PERSISTENT or in a queue that is not
 * durable, and pages of such entries. A segment goes as soon as nothing in it is needed. Runs on the broker's driver.
 */
public final class Scratch implements Space {

    /** No segment has this number. */
    public static final long NONE = -1;

    private final Journal journal;
    private final SpaceAccount space;
    private final Batch batch = new Batch();
    private final ByteWriter head = new ByteWriter(64);
    private long current;
    private long leaving = NONE;
    private long appendedBytes;
    private boolean appended;

    /** @param journal empty, and not replayed yet */
    public Scratch(Journal journal) {
        this.journal = journal;
        this.space = new SpaceAccount(journal);
    }

    /** Before the first use. */
    public void begin() throws JournalException {
        journal.replay(new Journal.BatchVisitor() {
            @Override
            public void onRecord(long position, byte[] bytes) {
                throw new IllegalStateException("the scratch log is not empty");
            }

            @Override
            public void onBatchEnd(long end) {
                throw new IllegalStateException("the scratch log is not empty");
            }
        });
        current = journal.currentSegment();
    }

    public SpaceAccount space() {
        return space;
    }

    public Journal journal() {
        return journal;
    }

    /** How many bytes were appended. */
    public long appendedBytes() {
        return appendedBytes;
    }

    /** From now on nobody else comes to share what stands in this segment; {@link #NONE} for none. */
    public void leave(long segment) {
        leaving = segment;
    }

    /** Writes a message, unless it stands there already. Returns its position. */
    public long spill(Content content) {
        long before = content.spilledAt();
        if (before >= 0 && space.holds(before) && journal.segmentOf(before) != leaving) {
            return before;
        }
        long position =
                append(new LogRecord.Published(List.of(), content.envelope().bytes()));
        content.spilledAt(position);
        return position;
    }

    /** Writes a record. Returns its position. */
    public long append(LogRecord record) {
        head.clear();
        record.encode(head);
        byte[] tail = record.tail();
        batch.clear();
        batch.add(head.array(), head.size(), tail, 0, tail.length);
        journal.append(batch, Flush.LAZY);
        appended = true;
        long position = batch.position(0);
        appendedBytes += batch.length();
        space.seen(position, batch.length());
        long segment = journal.currentSegment();
        if (segment != current) {
            current = segment;
            space.takeEmptyBefore(segment).forEach(journal::drop);
        }
        return position;
    }

    @Override
    public void retained(long position, int length) {
        space.retained(position, length);
    }

    @Override
    public void leave(Rubble.Leftover page) {
        space.leave(page);
    }

    @Override
    public void released(long position, int length) {
        space.released(position, length);
        long segment = journal.segmentOf(position);
        if (segment < current && !space.holds(position)) {
            space.forget(segment);
            journal.drop(segment);
        }
    }

    /** Starts writing what was appended. */
    public void flush() {
        if (appended) {
            appended = false;
            journal.flush();
        }
    }
}
