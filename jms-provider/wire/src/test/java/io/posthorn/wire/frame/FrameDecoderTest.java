package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.wire.message.ByteWriter;
import io.posthorn.wire.message.MalformedException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What peers do wrong, one by one. */
class FrameDecoderTest {

    private static final int FRAME_LENGTH_MAX = 4096;

    @Test
    void shouldLeaveTheReaderIndexUntilTheFrameIsWhole() {
        ByteBuf whole = SampleFrames.encoded(SampleFrames.ordinary().get(FrameType.CONNECT));
        FrameDecoder decoder = clientFrames();
        for (int length = 0; length < whole.readableBytes(); length++) {
            ByteBuf part = whole.slice(0, length);
            assertThat(decoder.decode(part)).isNull();
            assertThat(part.readerIndex()).isZero();
        }
        assertThat(decoder.decode(whole)).isInstanceOf(ClientFrame.Connect.class);
    }

    @Test
    void shouldRefuseAFrameAboveTheLimitBeforeItHasCome() {
        FrameDecoder decoder = clientFrames();
        assertThatThrownBy(() -> decoder.decode(Unpooled.buffer().writeInt(FRAME_LENGTH_MAX + 1)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("4097")
                .hasMessageContaining("4096");
        assertThat(clientFrames().decode(Unpooled.buffer().writeInt(FRAME_LENGTH_MAX)))
                .isNull();
    }

    @Test
    void shouldRefuseAFrameWithoutAType() {
        assertThatThrownBy(() -> clientFrames().decode(Unpooled.buffer().writeInt(0)))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> clientFrames().decode(Unpooled.buffer().writeInt(-1)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("4294967295");
    }

    @Test
    void shouldTakeLongerFramesAfterTheLimitsWereRaised() {
        FrameDecoder decoder = clientFrames();
        ClientFrame.Identify frame = new ClientFrame.Identify(1, "x".repeat(FRAME_LENGTH_MAX));
        assertThatThrownBy(() -> decoder.decode(SampleFrames.encoded(frame))).isInstanceOf(MalformedException.class);
        decoder.setFrameLengthMax(2 * FRAME_LENGTH_MAX);
        assertThat(decoder.decode(SampleFrames.encoded(frame))).isEqualTo(frame);
    }

    @Test
    void shouldRefuseUnknownTypes() {
        for (int number : new int[] {0, 63, 127, 128, 255}) {
            assertMalformed(number, fields -> {}, "unknown frame type " + number);
        }
    }

    @Test
    void shouldRefuseFramesOfTheOtherSide() {
        assertMalformed(FrameType.CONFIRMED.number(), fields -> fields.writeVarint(1), "CONFIRMED");
        ByteBuf close = SampleFrames.encoded(new ClientFrame.Close(1));
        assertThatThrownBy(() -> new FrameDecoder(FrameType.Side.SERVER, 100).decode(close))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("CLOSE is a frame of the client");
    }

    @Test
    void shouldRefuseAFrameThatEndsTooEarly() {
        assertMalformed(FrameType.COMMIT.number(), fields -> fields.writeVarint(1), "COMMIT");
        assertMalformed(FrameType.CONNECT.number(), fields -> fields.writeLong(1), "CONNECT");
        assertMalformed(FrameType.XA_PREPARE.number(), fields -> fields.writeShort(1), "XA_PREPARE");
    }

    @Test
    void shouldNotReadOverTheEndOfAFrameIntoTheNext() {
        ByteBuf bytes = frame(FrameType.COMMIT.number(), fields -> fields.writeVarint(1));
        bytes.writeBytes(SampleFrames.encoded(new ClientFrame.Heartbeat()));
        assertThatThrownBy(() -> clientFrames().decode(bytes)).isInstanceOf(MalformedException.class);
    }

    @Test
    void shouldRefuseAFrameWithBytesTooMany() {
        assertMalformed(
                FrameType.CLOSE.number(),
                fields -> {
                    fields.writeVarint(1);
                    fields.writeByte(0);
                },
                "CLOSE: 1 bytes too many");
    }

    @Test
    void shouldRefuseVarintsOfMoreThan64Bits() {
        byte[] tooWide = SampleFrames.filled(10, 0xFF);
        tooWide[9] = 2;
        assertMalformed(FrameType.CLOSE.number(), fields -> fields.writeBytes(tooWide, 0, 10), "64 bits");
        assertMalformed(
                FrameType.CLOSE.number(), fields -> fields.writeBytes(SampleFrames.filled(11, 0x80), 0, 11), "64 bits");
    }

    @Test
    void shouldTakeTheWidestVarint() {
        byte[] widest = SampleFrames.filled(10, 0xFF);
        widest[9] = 1;
        ByteBuf bytes = frame(FrameType.CLOSE.number(), fields -> fields.writeBytes(widest, 0, 10));
        assertThat(clientFrames().decode(bytes)).isEqualTo(new ClientFrame.Close(-1));
    }

    @Test
    void shouldRefuseTextsThatAreLongerThanTheFrame() {
        for (long length : new long[] {4, 1L << 31, 1L << 40, Long.MAX_VALUE, -1}) {
            assertMalformed(
                    FrameType.UNSUBSCRIBE.number(),
                    fields -> {
                        fields.writeVarint(1);
                        fields.writeVarint(length);
                        fields.writeBytes(new byte[3], 0, 3);
                    },
                    Long.toUnsignedString(length));
        }
    }

    @Test
    void shouldRefuseListsThatAreLongerThanTheFrame() {
        for (long count : new long[] {2, 1L << 30, 1L << 31, 1L << 62, -1}) {
            assertMalformed(
                    FrameType.CLOSE_SESSION.number(),
                    fields -> {
                        fields.writeVarint(1);
                        fields.writeVarint(1);
                        fields.writeVarint(count);
                        fields.writeBytes(new byte[3], 0, 3);
                    },
                    "CLOSE_SESSION");
            assertMalformed(
                    FrameType.DETACH.number(),
                    fields -> {
                        fields.writeVarint(1);
                        fields.writeVarint(1);
                        fields.writeVarint(count);
                        fields.writeBytes(new byte[3], 0, 3);
                    },
                    "DETACH: a list of " + Long.toUnsignedString(count));
        }
    }

    @Test
    void shouldRefuseBooleansOtherThanZeroAndOne() {
        assertMalformed(
                FrameType.XA_COMMIT.number(),
                fields -> {
                    fields.writeVarint(1);
                    fields.writeInt(1);
                    fields.writeByte(0);
                    fields.writeByte(0);
                    fields.writeByte(2);
                },
                "a boolean of 2");
    }

    @Test
    void shouldRefuseUnknownKindsAndModes() {
        assertMalformed(
                FrameType.DECLARE_ADDRESS.number(),
                fields -> {
                    fields.writeVarint(1);
                    fields.writeByte(4);
                    fields.writeString("x");
                },
                "kind of destination 4");
        assertMalformed(
                FrameType.ATTACH.number(),
                fields -> {
                    fields.writeBytes(new byte[4], 0, 4);
                    fields.writeByte(0);
                    fields.writeString("x");
                    fields.writeByte(3);
                    fields.writeBytes(new byte[6], 0, 6);
                },
                "mode of a consumer 3");
    }

    @Test
    void shouldRefuseBranchPartsOfMoreThan64Bytes() {
        assertMalformed(
                FrameType.XA_PREPARE.number(),
                fields -> {
                    fields.writeVarint(1);
                    fields.writeInt(1);
                    fields.writeByte(65);
                    fields.writeBytes(new byte[66], 0, 66);
                },
                "at most 64");
    }

    @Test
    void shouldRefuseRangesThatAreNotAscendingAndApart() {
        assertBadRanges(1, Long.MAX_VALUE, 0);
        assertBadRanges(1, -1, 0);
        assertBadRanges(1, 0, -1);
        assertBadRanges(1, 0, Long.MAX_VALUE);
        assertBadRanges(1, 5, Long.MAX_VALUE - 5);
        assertBadRanges(2, 5, 0, 0, 0);
        assertBadRanges(2, 5, 0, 1, 0);
        assertBadRanges(2, 5, 5, Long.MAX_VALUE - 10, 0);
        assertBadRanges(2, 5, 5, -1, 0);
    }

    @Test
    void shouldTakeCodesOfLaterVersionsAsInternal() {
        ByteBuf bytes = frame(FrameType.REFUSED.number(), fields -> {
            fields.writeVarint(9999);
            fields.writeString("text");
        });
        assertThat(new FrameDecoder(FrameType.Side.SERVER, 100).decode(bytes))
                .isEqualTo(new ServerFrame.Refused(ErrorCode.INTERNAL, "text"));
    }

    @Test
    void shouldRefuseAttemptsThatAreNoInt() {
        ByteBuf bytes = frame(FrameType.DELIVER.number(), fields -> {
            fields.writeVarint(1);
            fields.writeVarint(1);
            fields.writeVarint(1);
            fields.writeVarint(1L << 31);
            fields.writeBoolean(false);
        });
        assertThatThrownBy(() -> new FrameDecoder(FrameType.Side.SERVER, 100).decode(bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("2147483648");
    }

    @Test
    void shouldRefuseAServerWhoseFrameLimitIsOutOfBounds() {
        for (long limit : new long[] {0, Frame.LENGTH_MAX_HANDSHAKE - 1, 1L << 31, -1}) {
            ByteBuf bytes =
                    SampleFrames.encoded(new ServerFrame.Connected(SampleFrames.ID, 1, "p", limit, 1, 1, 1, 1, false));
            assertThatThrownBy(() -> new FrameDecoder(FrameType.Side.SERVER, 100).decode(bytes))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("CONNECTED");
        }
    }

    private static void assertBadRanges(int count, long... distances) {
        assertMalformed(
                FrameType.DETACH.number(),
                fields -> {
                    fields.writeVarint(1);
                    fields.writeVarint(1);
                    fields.writeVarint(count);
                    for (long distance : distances) {
                        fields.writeVarint(distance);
                    }
                },
                "ranges of entries");
    }

    private static void assertMalformed(int number, Consumer<ByteWriter> fields, String text) {
        ByteBuf bytes = frame(number, fields);
        assertThatThrownBy(() -> clientFrames().decode(bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(text);
    }

    private static ByteBuf frame(int number, Consumer<ByteWriter> fields) {
        ByteWriter writer = new ByteWriter(64);
        fields.accept(writer);
        return Unpooled.buffer().writeInt(writer.size() + 1).writeByte(number).writeBytes(writer.toByteArray());
    }

    private static FrameDecoder clientFrames() {
        return new FrameDecoder(FrameType.Side.CLIENT, FRAME_LENGTH_MAX);
    }
}
