package io.posthorn.wire.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.UUID;

/**
 * Writes frames field by field: {@link #begin}, one call per field of the {@link FrameType}, {@link #end}. Not
 * thread-safe; kept by its encoder, so that a frame costs no object.
 */
final class FieldWriter {

    private static final int LENGTH_BYTES = 4;

    private ByteBuf out;
    private FrameType type;
    private int start;

    void target(ByteBuf target) {
        out = target;
    }

    FieldWriter begin(FrameType frameType) {
        type = frameType;
        start = out.writerIndex();
        out.writeInt(0);
        out.writeByte(frameType.number());
        return this;
    }

    /** Sets the length of the frame. A frame that the peer would refuse is an {@link IllegalArgumentException}. */
    void end(int frameLengthMax) {
        int length = out.writerIndex() - start - LENGTH_BYTES;
        if (length > frameLengthMax) {
            throw new IllegalArgumentException(type + " would be a frame of " + length
                    + " bytes, and the peer takes at most " + frameLengthMax
                    + "; shorten its texts (name, selector, subscription) or split its list");
        }
        out.setInt(start, length);
    }

    /** Makes room in one step for a frame that holds so many bytes. */
    void reserve(long length) {
        out.ensureWritable((int) Math.min(Integer.MAX_VALUE - 8, length));
    }

    FieldWriter u8(int value) {
        out.writeByte(value);
        return this;
    }

    FieldWriter bool(boolean value) {
        out.writeByte(value ? 1 : 0);
        return this;
    }

    FieldWriter i32(int value) {
        out.writeInt(value);
        return this;
    }

    FieldWriter varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
        return this;
    }

    FieldWriter string(String text) {
        int length = ByteBufUtil.utf8Bytes(text);
        varint(length);
        out.ensureWritable(length);
        ByteBufUtil.writeUtf8(out, text);
        return this;
    }

    FieldWriter stringOrNull(String text) {
        if (text == null) {
            return varint(0);
        }
        int length = ByteBufUtil.utf8Bytes(text);
        varint(length + 1L);
        out.ensureWritable(length);
        ByteBufUtil.writeUtf8(out, text);
        return this;
    }

    FieldWriter uuid(UUID value) {
        out.writeLong(value.getMostSignificantBits());
        out.writeLong(value.getLeastSignificantBits());
        return this;
    }

    /** Bytes without a length of their own. */
    FieldWriter bytes(byte[] bytes, int offset, int length) {
        out.writeBytes(bytes, offset, length);
        return this;
    }

    FieldWriter error(ErrorCode code) {
        return varint(code.number());
    }

    FieldWriter address(Address address) {
        return u8(address.kind().ordinal()).string(address.name());
    }

    FieldWriter source(Source source) {
        return address(source.address())
                .u8(source.mode().ordinal())
                .stringOrNull(source.subscription())
                .bool(source.durable())
                .bool(source.shared())
                .bool(source.noLocal())
                .stringOrNull(source.selector());
    }

    FieldWriter branch(BranchId branch) {
        byte[] global = branch.global();
        byte[] qualifier = branch.qualifier();
        return i32(branch.formatId())
                .u8(global.length)
                .bytes(global, 0, global.length)
                .u8(qualifier.length)
                .bytes(qualifier, 0, qualifier.length);
    }

    FieldWriter branches(List<BranchId> branches) {
        varint(branches.size());
        for (BranchId branch : branches) {
            branch(branch);
        }
        return this;
    }

    FieldWriter ranges(EntryRanges ranges) {
        varint(ranges.rangeCount());
        long before = 0;
        for (int range = 0; range < ranges.rangeCount(); range++) {
            long first = ranges.first(range);
            long last = ranges.last(range);
            varint(first - before).varint(last - first);
            before = last;
        }
        return this;
    }

    FieldWriter handed(List<ClientFrame.Handed> handed) {
        varint(handed.size());
        for (ClientFrame.Handed item : handed) {
            varint(item.consumer()).ranges(item.entries());
        }
        return this;
    }
}
