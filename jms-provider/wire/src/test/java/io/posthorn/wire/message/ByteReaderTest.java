package io.posthorn.wire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Reader and writer together, and the reader against bytes that no writer wrote. */
class ByteReaderTest {

    @Test
    void shouldReadWhatWasWritten() {
        ByteWriter out = new ByteWriter(0);
        out.writeByte(-1);
        out.writeByte(200);
        out.writeBoolean(true);
        out.writeBoolean(false);
        out.writeShort(Short.MIN_VALUE);
        out.writeInt(Integer.MIN_VALUE);
        out.writeLong(Long.MIN_VALUE);
        out.writeVarint(300);
        out.writeSized(new byte[] {1, 2});
        out.writeString("a\u00E9\u20AC\uD83D\uDCEF");
        out.writeBytes(new byte[] {9, 8, 7, 6}, 1, 2);
        ByteReader in = reader(out);
        assertThat(in.readByte()).isEqualTo(-1);
        assertThat(in.readUnsignedByte()).isEqualTo(200);
        assertThat(in.readBoolean()).isTrue();
        assertThat(in.readBoolean()).isFalse();
        assertThat(in.readShort()).isEqualTo(Short.MIN_VALUE);
        assertThat(in.readInt()).isEqualTo(Integer.MIN_VALUE);
        assertThat(in.readLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(in.readVarint()).isEqualTo(300);
        assertThat(in.readSized()).containsExactly(1, 2);
        assertThat(in.readString()).isEqualTo("a\u00E9\u20AC\uD83D\uDCEF");
        assertThat(in.readRemaining()).containsExactly(8, 7);
        assertThat(in.hasRemaining()).isFalse();
        assertThat(in.index()).isEqualTo(out.size());
    }

    @Test
    void shouldWriteVarintsInAsFewBytesAsTheyNeed() {
        assertVarint(0, 1);
        assertVarint(127, 1);
        assertVarint(128, 2);
        assertVarint(16_383, 2);
        assertVarint(16_384, 3);
        assertVarint((1L << 35) - 1, 5);
        assertVarint(1L << 35, 6);
        assertVarint(Long.MAX_VALUE, 9);
        assertVarint(Long.MIN_VALUE, 10);
        assertVarint(-1, 10);
    }

    @Test
    void shouldRefuseVarintsOfMoreThan64Bits() {
        byte[] tooWide = new byte[10];
        Arrays.fill(tooWide, (byte) 0xFF);
        tooWide[9] = 2;
        assertMalformed(tooWide, ByteReader::readVarint, "64 bits");
        byte[] tooLong = new byte[11];
        Arrays.fill(tooLong, (byte) 0x80);
        assertMalformed(tooLong, ByteReader::readVarint, "64 bits");
        assertMalformed(new byte[] {(byte) 0x80}, ByteReader::readVarint, "1 bytes wanted");
    }

    @Test
    void shouldRefuseToReadOverTheEnd() {
        assertMalformed(new byte[0], ByteReader::readByte, "1 bytes wanted where 0 are left");
        assertMalformed(new byte[1], ByteReader::readShort, "2 bytes wanted");
        assertMalformed(new byte[3], ByteReader::readInt, "4 bytes wanted");
        assertMalformed(new byte[7], ByteReader::readLong, "8 bytes wanted");
        assertMalformed(new byte[7], in -> in.skip(8), "8 bytes wanted");
        assertMalformed(new byte[7], in -> in.skip(-1), "-1 bytes wanted");
    }

    @Test
    void shouldRefuseLengthsThatDoNotFit() {
        for (long length : new long[] {3, Integer.MAX_VALUE, 1L << 40, -1}) {
            ByteWriter out = new ByteWriter(16);
            out.writeVarint(length);
            out.writeShort(0);
            byte[] bytes = out.toByteArray();
            assertMalformed(bytes, ByteReader::readLength, "a length of " + Long.toUnsignedString(length));
            assertMalformed(bytes, ByteReader::readSized, "2 bytes are left");
            assertMalformed(bytes, ByteReader::readString, "2 bytes are left");
        }
    }

    @Test
    void shouldStayWithinItsPartOfTheArray() {
        byte[] bytes = {9, 1, 2, 9};
        ByteReader in = new ByteReader(bytes, 1, 2);
        assertThat(in.remaining()).isEqualTo(2);
        assertThat(in.readRemaining()).containsExactly(1, 2);
        assertThatThrownBy(in::readByte).isInstanceOf(MalformedException.class);
        assertThat(new ByteReader(new byte[] {0, 104, 105, 0}, 1, 2).readRemainingString())
                .isEqualTo("hi");
        assertThatThrownBy(() -> new ByteReader(bytes, 3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldKeepUnpairedSurrogates() {
        for (String text : new String[] {"\uD800", "\uDC00", "a\uD800b", "\uDC00\uD800"}) {
            ByteWriter out = new ByteWriter(16);
            out.writeString(text);
            out.writeByte(77);
            ByteReader in = reader(out);
            assertThat(in.readString()).isEqualTo(text);
            assertThat(in.readByte()).isEqualTo(77);
        }
    }

    @Test
    void shouldGrowKeepAndForget() {
        ByteWriter out = new ByteWriter(1);
        byte[] large = new byte[100_000];
        Arrays.fill(large, (byte) 3);
        out.writeInt(0);
        out.writeBytes(large, 0, large.length);
        out.setInt(0, 0x01020304);
        assertThat(out.size()).isEqualTo(100_004);
        assertThat(Arrays.copyOf(out.array(), 5)).containsExactly(1, 2, 3, 4, 3);
        assertThat(out.toByteArray()).hasSize(100_004);
        out.clear();
        assertThat(out.size()).isZero();
        out.writeByte(5);
        assertThat(out.toByteArray()).containsExactly(5);
    }

    private static void assertVarint(long value, int length) {
        ByteWriter out = new ByteWriter(0);
        out.writeVarint(value);
        assertThat(out.size()).as(Long.toUnsignedString(value)).isEqualTo(length);
        assertThat(reader(out).readVarint()).isEqualTo(value);
    }

    private static void assertMalformed(byte[] bytes, Consumer<ByteReader> read, String text) {
        assertThatThrownBy(() -> read.accept(new ByteReader(bytes, 0, bytes.length)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(text);
    }

    private static ByteReader reader(ByteWriter out) {
        return new ByteReader(out.array(), 0, out.size());
    }
}
