package io.posthorn.broker.queue;

import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Lane;
import io.posthorn.broker.lane.PageCodec;
import io.posthorn.broker.lane.PagePlace;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;

/**
 * The entries of a queue that are in the log, as a checkpoint holds them: highest number, delivery mark, number below which
 * all are suspect; then for each lane its priority plus one, the number of its blocks, and these; 0 at the end. A block is
 * its first number, the distance to its last, flags (1 there is a page, 2 entries follow), the page's position, length,
 * earliest time, what it spans and when its first message was sent, and either the entries as {@link PageCodec} writes them
 * or how many there are, how many are ready, and the bytes of their messages. So a deep
 * queue takes a few bytes for thousands of entries. Contents stay in the log.
 */
public final class QueueSnapshot {

    private static final int PAGE = 1;
    private static final int ENTRIES = 2;

    private QueueSnapshot() {}

    public static void write(ByteWriter out, MessageQueue queue) {
        out.writeVarint(queue.lastNumber());
        out.writeVarint(queue.deliveryMark());
        out.writeVarint(queue.entries().suspectBelow());
        for (int priority = 0; priority < MessageQueue.LANES; priority++) {
            Lane lane = queue.entries().lane(priority, true);
            if (lane != null && lane.live() > 0) {
                out.writeVarint(priority + 1L);
                writeLane(out, lane, queue.entries().suspectBelow());
            }
        }
        out.writeVarint(0);
    }

    public static void read(ByteReader in, MessageQueue queue) {
        long lastNumber = in.readVarint();
        queue.deliveryMark(in.readVarint());
        queue.entries().suspectBelow(in.readVarint());
        for (int lane = (int) in.readVarint(); lane > 0; lane = (int) in.readVarint()) {
            for (long count = in.readVarint(); count > 0; count--) {
                readBlock(in, queue, lane - 1);
            }
        }
        queue.startNumbersAt(lastNumber + 1);
    }

    private static void writeLane(ByteWriter out, Lane lane, long suspectBelow) {
        int count = 0;
        for (EntryBlock block = lane.blocks().head(); block != null; block = block.next()) {
            count += block.live() > 0 ? 1 : 0;
        }
        out.writeVarint(count);
        for (EntryBlock block = lane.blocks().head(); block != null; block = block.next()) {
            if (block.live() > 0) {
                writeBlock(out, block, suspectBelow);
            }
        }
    }

    private static void writeBlock(ByteWriter out, EntryBlock block, long suspectBelow) {
        boolean inline = block.isResident() && (block.isDirty() || block.isHeld());
        PagePlace page = block.page();
        out.writeVarint(block.firstId());
        out.writeVarint(block.lastId() - block.firstId());
        out.writeByte((page != null ? PAGE : 0) | (inline ? ENTRIES : 0));
        if (page != null) {
            out.writeLong(page.position());
            out.writeVarint(page.bytes());
            out.writeLong(page.earliestMs());
            out.writeLong(page.lowest());
            out.writeLong(page.highest());
            out.writeVarint(PageCodec.sentS(block));
        }
        if (inline) {
            PageCodec.encode(out, block, suspectBelow);
        } else {
            PageCodec.writeStock(out, block);
        }
    }

    private static void readBlock(ByteReader in, MessageQueue queue, int priority) {
        long firstId = in.readVarint();
        long lastId = firstId + in.readVarint();
        int flags = in.readByte();
        PagePlace page = null;
        if ((flags & PAGE) != 0) {
            page = readPlace(in);
        }
        Lane lane = queue.entries().laneFor(priority, true);
        if ((flags & ENTRIES) != 0) {
            lane.restore(firstId, lastId, page, in);
        } else {
            lane.restore(firstId, lastId, page, PageCodec.readStock(in));
        }
    }

    private static PagePlace readPlace(ByteReader in) {
        long position = in.readLong();
        int bytes = (int) in.readVarint();
        long earliestMs = in.readLong();
        return new PagePlace(position, bytes, earliestMs, in.readLong(), in.readLong(), (int) in.readVarint());
    }
}
