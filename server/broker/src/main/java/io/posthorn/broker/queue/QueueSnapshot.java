package io.posthorn.broker.queue;

import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;

/**
 * The entries of a queue that are in the log, as a checkpoint holds them: number, position, length, flags (priority, 16
 * suspect, 32 expires, 64 delayed), attempts, then expiration and delivery time where flagged. Contents stay in the log. What
 * somebody holds now counts as seen: nobody else may ever tell.
 */
public final class QueueSnapshot {

    private static final int PRIORITY = 15;
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
                writeEntry(out, block, index);
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

    private static void writeEntry(ByteWriter out, EntryBlock block, int index) {
        long expiration = block.expiration(index);
        boolean seen = block.isSuspect(index) || block.state(index) == EntryBlock.TAKEN;
        long due = block.state(index) == EntryBlock.DELAYED ? block.due(index) : 0;
        out.writeVarint(block.ids[index]);
        out.writeLong(block.positions[index]);
        out.writeVarint(block.lengths[index]);
        out.writeByte(block.lane.priority
                | (seen ? SUSPECT : 0)
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
        queue.restore(entry, position, flags & PRIORITY, length, due, expiration);
        Slot place = queue.entries().found;
        if (attempts > 0) {
            place.block.attempts(place.index, attempts);
        }
        if ((flags & SUSPECT) != 0) {
            place.block.suspect(place.index);
        }
    }
}
