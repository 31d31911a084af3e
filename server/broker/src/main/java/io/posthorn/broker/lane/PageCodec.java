package io.posthorn.broker.lane;

import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;

/**
 * The entries of a block in bytes: their count, then of each the distance of its number, of its position and of the second
 * in which it was sent from the one before (the first one's from the block's first number, and from 0), its length, its
 * flags, and what the flags say that there is. Numbers are varints, the distances of positions and times zigzag. Holes are
 * left out.
 */
public final class PageCodec {

    private static final int SUSPECT = 1;
    private static final int ATTEMPTS = 2;
    private static final int EXPIRES = 4;
    /** The entry was delayed until a time. */
    private static final int DUE = 8;
    /** It still is. */
    private static final int DELAYED = 16;

    /** About how long an entry is. */
    private static final int ENTRY_BYTES = 9;

    private PageCodec() {}

    /** What can be said of the entries of a block together. */
    record Summary(Lane.Stock stock, long earliestMs, long lowest, long highest, int sentS) {}

    /** Is told where the messages of a page stand. */
    public interface Places {
        void visit(long position, int length);
    }

    /** Tells where the messages stand of the entries that {@link #encode} wrote. */
    public static void forEach(byte[] page, long firstId, Places places) {
        Rows rows = decode(page, firstId);
        for (int index = 0; index < rows.size; index++) {
            places.visit(rows.positions[index], rows.lengths[index]);
        }
    }

    public static byte[] encode(EntryBlock block) {
        ByteWriter out = new ByteWriter(16 + ENTRY_BYTES * block.live);
        encode(out, block, 0);
        return out.toByteArray();
    }

    /**
     * What somebody holds now counts as seen: nobody else may ever tell. Of entries below {@code suspectBelow} that is known
     * anyway.
     */
    public static void encode(ByteWriter out, EntryBlock block, long suspectBelow) {
        out.writeVarint(block.live);
        long id = block.firstId;
        long position = 0;
        int sentS = 0;
        for (int index = 0; index < block.size(); index++) {
            int state = block.state(index);
            if (state != EntryBlock.GONE) {
                out.writeVarint(block.id(index) - id);
                out.writeVarint(zigzag(block.position(index) - position));
                out.writeVarint(zigzag((long) block.rows.sentS[index] - sentS));
                id = block.id(index);
                position = block.position(index);
                sentS = block.rows.sentS[index];
                out.writeVarint(block.length(index));
                boolean seen = block.isSuspect(index) || state == EntryBlock.TAKEN;
                writeRest(out, block, index, seen && block.id(index) >= suspectBelow);
            }
        }
    }

    private static void writeRest(ByteWriter out, EntryBlock block, int index, boolean seen) {
        int attempts = block.attempts(index);
        long expiration = block.expiration(index);
        long due = block.state(index) == EntryBlock.DELAYED ? block.due(index) : 0;
        out.writeByte((seen ? SUSPECT : 0)
                | (attempts != 0 ? ATTEMPTS : 0)
                | (expiration != 0 ? EXPIRES : 0)
                | (due != 0 ? DUE | DELAYED : 0));
        if (attempts != 0) {
            out.writeVarint(attempts);
        }
        if (expiration != 0) {
            out.writeLong(expiration);
        }
        if (due != 0) {
            out.writeLong(due);
        }
    }

    /** Reads what {@link #encode} wrote of a block that begins with this number. */
    static Rows decode(ByteReader in, long firstId) {
        int count = in.readLength();
        Rows rows = new Rows(Math.max(1, count));
        long id = firstId;
        long position = 0;
        int sentS = 0;
        for (int read = 0; read < count; read++) {
            id += in.readVarint();
            position += unzigzag(in.readVarint());
            sentS += (int) unzigzag(in.readVarint());
            int length = (int) in.readVarint();
            int flags = in.readByte();
            int state = (flags & DELAYED) != 0 ? EntryBlock.DELAYED : EntryBlock.READY;
            int index = rows.add(id, position, length, state, count);
            rows.sentS[index] = sentS;
            if ((flags & SUSPECT) != 0) {
                rows.states[index] |= EntryBlock.SUSPECT;
            }
            if ((flags & ATTEMPTS) != 0) {
                rows.attempts(index, (int) in.readVarint());
            }
            if ((flags & EXPIRES) != 0) {
                rows.expiration(index, in.readLong());
            }
            if ((flags & DUE) != 0) {
                rows.due(index, in.readLong());
            }
        }
        return rows;
    }

    /** The entries of a page that was read back. */
    public static Rows decode(byte[] page, long firstId) {
        return decode(new ByteReader(page, 0, page.length), firstId);
    }

    /**
     * Writes how much is in a block that is not written entry by entry, as {@link #readStock} reads it. What somebody has now
     * is ready again when this is read.
     */
    public static void writeStock(ByteWriter out, EntryBlock block) {
        out.writeVarint(block.live);
        out.writeVarint(block.ready + block.taken);
        out.writeVarint(block.contentBytes);
    }

    public static Lane.Stock readStock(ByteReader in) {
        return new Lane.Stock((int) in.readVarint(), (int) in.readVarint(), in.readVarint());
    }

    /** When the first entry of a block that is not gone was sent, seconds since 1970. */
    public static int sentS(EntryBlock block) {
        if (!block.isResident()) {
            return block.page.sentS();
        }
        for (int index = 0; index < block.size(); index++) {
            if (block.state(index) != EntryBlock.GONE) {
                return block.rows.sentS[index];
            }
        }
        return 0;
    }

    static Summary summarise(Rows rows) {
        int live = 0;
        int ready = 0;
        long earliestMs = EntryBlock.NEVER;
        long lowest = Long.MAX_VALUE;
        long highest = 0;
        long contentBytes = 0;
        int sentS = 0;
        for (int index = 0; index < rows.size; index++) {
            int state = rows.states[index] & EntryBlock.STATE_MASK;
            if (state == EntryBlock.GONE) {
                continue;
            }
            sentS = live == 0 ? rows.sentS[index] : sentS;
            live++;
            contentBytes += rows.lengths[index];
            lowest = Math.min(lowest, rows.positions[index]);
            highest = Math.max(highest, rows.positions[index]);
            ready += state == EntryBlock.READY ? 1 : 0;
            if (rows.expirations != null && rows.expirations[index] != 0) {
                earliestMs = Math.min(earliestMs, rows.expirations[index]);
            }
            if (state == EntryBlock.DELAYED) {
                earliestMs = Math.min(earliestMs, rows.dues[index]);
            }
        }
        return new Summary(new Lane.Stock(live, ready, contentBytes), earliestMs, lowest, highest, sentS);
    }

    /** When the first entry of a block in memory becomes ready, or expires; {@link EntryBlock#NEVER} for never. */
    public static long earliestMs(EntryBlock block) {
        return summarise(block.rows).earliestMs();
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    private static long unzigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
