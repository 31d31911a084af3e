package io.posthorn.broker.queue;

import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;

/**
 * The entries of a queue that are in the log, as a checkpoint holds them: number, position, length, flags (priority, 16
 * suspect, 32 expires, 64 delayed), attempts, then expiration and delivery time where flagged. Contents stay in the log.
 */
public final class QueueSnapshot {

    private static final int SUSPECT = 16;
    private static final int EXPIRES = 32;
    private static final int DELAYED = 64;

    private QueueSnapshot() {}

    public static void write(ByteWriter out, MessageQueue queue) {
        out.writeVarint(queue.lastNumber());
        out.writeVarint(queue.deliveryMark());
        long[] count = {0};
        queue.entries().forEach((block, index) -> count[0] += block.isDurable(index) ? 1 : 0);
        out.writeVarint(count[0]);
        queue.entries().forEach((block, index) -> {
            if (block.isDurable(index)) {
                writeEntry(out, queue, block, index);
            }
        });
    }

    public static void read(ByteReader in, MessageQueue queue) {
        long lastNumber = in.readVarint();
        queue.deliveryMark(in.readVarint());
        long count = in.readVarint();
        for (long index = 0; index < count; index++) {
            readEntry(in, queue);
        }
        queue.startNumbersAt(lastNumber + 1);
    }

    private static void writeEntry(ByteWriter out, MessageQueue queue, EntryBlock block, int index) {
        long expiration = block.expiration(index);
        long due = block.state(index) == EntryBlock.DELAYED ? queue.dueMs(block.ids[index]) : 0;
        out.writeVarint(block.ids[index]);
        out.writeLong(block.positions[index]);
        out.writeVarint(block.lengths[index]);
        out.writeByte(block.lane.priority
                | (block.isSuspect(index) ? SUSPECT : 0)
                | (expiration != 0 ? EXPIRES : 0)
                | (due != 0 ? DELAYED : 0));
        out.writeVarint(block.attempts(index));
        if (expiration != 0) {
            out.writeLong(expiration);
        }
        if (due != 0) {
            out.writeLong(due);
        }
    }

    private static void readEntry(ByteReader in, MessageQueue queue) {
        long entry = in.readVarint();
        long position = in.readLong();
        int length = (int) in.readVarint();
        int flags = in.readByte();
        int attempts = (int) in.readVarint();
        long expiration = (flags & EXPIRES) != 0 ? in.readLong() : 0;
        long due = (flags & DELAYED) != 0 ? in.readLong() : 0;
        Envelope header = new EnvelopeBuilder()
                .priority(flags & 0xF)
                .expiration(expiration)
                .deliveryTime(due)
                .nullBody(BodyKind.NONE)
                .build();
        queue.restore(entry, position, header, length, attempts, (flags & SUSPECT) != 0);
    }
}
