package io.posthorn.wire.frame;

import io.netty.buffer.ByteBuf;
import io.posthorn.wire.message.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * Reads the fields of one frame after the other, never past the frame's end. A length or count is compared with what is
 * left of the frame before anything is allocated for it, so that a frame costs memory in proportion to its own length.
 * Whatever does not follow the table is a {@link MalformedException} that names the frame. Not thread-safe; kept by its
 * decoder.
 */
final class FieldReader {

    private static final Address.Kind[] KINDS = Address.Kind.values();
    private static final Source.Mode[] MODES = Source.Mode.values();

    private ByteBuf in;
    private FrameType type;
    private int index;
    private int end;

    void begin(FrameType frameType, ByteBuf source, int from, int to) {
        type = frameType;
        in = source;
        index = from;
        end = to;
    }

    /** Checks that the frame was used up, and lets go of its buffer. */
    void end() {
        in = null;
        if (index != end) {
            throw malformed(remaining() + " bytes too many");
        }
    }

    int remaining() {
        return end - index;
    }

    int u8() {
        need(1);
        return in.getByte(index++) & 0xFF;
    }

    boolean bool() {
        int value = u8();
        if (value > 1) {
            throw malformed("a boolean of " + value);
        }
        return value == 1;
    }

    int i32() {
        need(4);
        int value = in.getInt(index);
        index += 4;
        return value;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw malformed("a varint of more than 64 bits");
    }

    /** A varint that is an {@code int} of at least zero. */
    int varintInt() {
        long value = varint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw malformed("a number of " + Long.toUnsignedString(value) + " where at most " + Integer.MAX_VALUE
                    + " is allowed");
        }
        return (int) value;
    }

    String string() {
        return text(varint());
    }

    String stringOrNull() {
        long length = varint();
        return length == 0 ? null : text(length - 1);
    }

    UUID uuid() {
        need(16);
        UUID value = new UUID(in.getLong(index), in.getLong(index + 8));
        index += 16;
        return value;
    }

    /** All bytes up to the end of the frame, in an array of their own. */
    byte[] rest() {
        byte[] bytes = new byte[remaining()];
        into(bytes, 0, bytes.length);
        return bytes;
    }

    /** Copies bytes that the caller knows to be there. */
    void into(byte[] target, int offset, int length) {
        in.getBytes(index, target, offset, length);
        index += length;
    }

    ErrorCode error() {
        return ErrorCode.of(varintInt());
    }

    Address address() {
        int kind = u8();
        if (kind >= KINDS.length) {
            throw malformed("unknown kind of destination " + kind);
        }
        return new Address(KINDS[kind], string());
    }

    Source source() {
        Address address = address();
        int mode = u8();
        if (mode >= MODES.length) {
            throw malformed("unknown mode of a consumer " + mode);
        }
        return new Source(address, MODES[mode], stringOrNull(), bool(), bool(), bool(), stringOrNull());
    }

    BranchId branch() {
        return new BranchId(i32(), branchPart(), branchPart());
    }

    List<BranchId> branches() {
        int count = count(6);
        List<BranchId> branches = new ArrayList<>(count);
        for (int item = 0; item < count; item++) {
            branches.add(branch());
        }
        return Collections.unmodifiableList(branches);
    }

    List<ClientFrame.Handed> handed() {
        int count = count(2);
        List<ClientFrame.Handed> handed = new ArrayList<>(count);
        for (int item = 0; item < count; item++) {
            handed.add(new ClientFrame.Handed(varint(), ranges()));
        }
        return Collections.unmodifiableList(handed);
    }

    /** Only the canonical form is taken: ascending ranges with a gap between them. */
    EntryRanges ranges() {
        int count = count(2);
        if (count == 0) {
            return EntryRanges.NONE;
        }
        long[] bounds = new long[2 * count];
        long before = 0;
        for (int range = 0; range < count; range++) {
            long distance = varint();
            long length = varint();
            long first = before + distance;
            long last = first + length;
            boolean apart = range == 0 ? distance >= 0 : distance >= 2;
            if (!apart || first < 0 || length < 0 || last < first || last > EntryRanges.ENTRY_MAX) {
                throw malformed("ranges of entries that overlap, touch or pass " + EntryRanges.ENTRY_MAX);
            }
            bounds[2 * range] = first;
            bounds[2 * range + 1] = last;
            before = last;
        }
        return EntryRanges.ofBounds(bounds);
    }

    MalformedException malformed(String problem) {
        return new MalformedException(type + ": " + problem);
    }

    private byte[] branchPart() {
        int length = u8();
        if (length > BranchId.LENGTH_MAX) {
            throw malformed("a part of a branch id of " + length + " bytes where at most " + BranchId.LENGTH_MAX
                    + " are allowed");
        }
        need(length);
        byte[] part = new byte[length];
        into(part, 0, length);
        return part;
    }

    private String text(long length) {
        if (length < 0 || length > remaining()) {
            throw malformed("a text of " + Long.toUnsignedString(length) + " bytes where " + remaining() + " are left");
        }
        String text = in.toString(index, (int) length, StandardCharsets.UTF_8);
        index += (int) length;
        return text;
    }

    /** How many items follow, each of which takes at least {@code itemLength} bytes. */
    private int count(int itemLength) {
        long count = varint();
        if (count < 0 || count > remaining() / itemLength) {
            throw malformed(
                    "a list of " + Long.toUnsignedString(count) + " items where " + remaining() + " bytes are left");
        }
        return (int) count;
    }

    private void need(int length) {
        if (remaining() < length) {
            throw malformed(length + " bytes wanted where " + remaining() + " are left");
        }
    }
}
