package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameCodecTest {

    @Test
    void shouldGiveBackEveryFrameOfTheTable() {
        Map<FrameType, Frame> frames = SampleFrames.ordinary();
        assertThat(frames.keySet()).containsExactly(FrameType.values());
        frames.forEach((type, frame) -> {
            assertRoundTrip(frame);
        });
    }

    @Test
    void shouldGiveBackValuesAtTheEdges() {
        SampleFrames.edges().forEach(FrameCodecTest::assertRoundTrip);
    }

    @Test
    void shouldFitTheMostAndLongestBranchesIntoAFrame() {
        BranchId[] longest = new BranchId[ServerFrame.XaBranches.BRANCHES_MAX];
        Arrays.fill(longest, SampleFrames.BRANCH_LONGEST);
        ByteBuf bytes = Unpooled.buffer();

        new FrameEncoder().encode(new ServerFrame.XaBranches(1, true, List.of(longest)), bytes);

        assertThat(bytes.readableBytes()).isLessThan(Frame.LENGTH_MAX_DEFAULT);
    }

    @Test
    void shouldTakeFramesFromADirectBufferThatDoesNotBeginAtZero() {
        Frame frame = SampleFrames.ordinary().get(FrameType.ATTACH);
        ByteBuf direct = Unpooled.directBuffer();
        try {
            direct.writeBytes(new byte[13]).skipBytes(13);
            new FrameEncoder().encode(frame, direct);
            assertSame(new FrameDecoder(FrameType.Side.CLIENT, 1000).decode(direct), frame);
        } finally {
            direct.release();
        }
    }

    @Test
    void shouldGiveBackARowOfFramesOneByOne() {
        ByteBuf bytes = Unpooled.buffer();
        FrameEncoder encoder = new FrameEncoder();
        List<Frame> sent = new ArrayList<>();
        SampleFrames.ordinary().forEach((type, frame) -> {
            if (type.side() == FrameType.Side.CLIENT) {
                encoder.encode(frame, bytes);
                sent.add(frame);
            }
        });
        FrameDecoder decoder = new FrameDecoder(FrameType.Side.CLIENT, 1000);
        for (Frame frame : sent) {
            assertSame(decoder.decode(bytes), frame);
        }
        assertThat(decoder.decode(bytes)).isNull();
        assertThat(bytes.isReadable()).isFalse();
    }

    @Test
    void shouldCopyTheEnvelopeOutOfTheBuffer() {
        ByteBuf bytes = SampleFrames.encoded(new ClientFrame.Send(1, 1, false, true, 1, new byte[] {1, 2, 3}));
        ClientFrame.Send send = (ClientFrame.Send) new FrameDecoder(FrameType.Side.CLIENT, 1000).decode(bytes);
        bytes.setZero(0, bytes.capacity());
        assertThat(send.envelope()).containsExactly(1, 2, 3);
    }

    @Test
    void shouldReplaceUnpairedSurrogates() {
        ByteBuf bytes = SampleFrames.encoded(new ClientFrame.Identify(1, "a\uD800b\uDC00"));
        Frame frame = new FrameDecoder(FrameType.Side.CLIENT, 1000).decode(bytes);
        assertThat(frame).isEqualTo(new ClientFrame.Identify(1, "a?b?"));
    }

    @Test
    void shouldWriteNothingOfAFrameThatThePeerWouldRefuse() {
        FrameEncoder encoder = new FrameEncoder();
        encoder.setFrameLengthMax(Frame.LENGTH_MAX_HANDSHAKE);
        ByteBuf out = Unpooled.buffer();
        encoder.encode(new ClientFrame.Heartbeat(), out);
        int before = out.writerIndex();
        ClientFrame.Identify tooLong = new ClientFrame.Identify(1, "x".repeat(Frame.LENGTH_MAX_HANDSHAKE));
        assertThatThrownBy(() -> encoder.encode(tooLong, out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("IDENTIFY")
                .hasMessageContaining("65541")
                .hasMessageContaining("65536");
        assertThat(out.writerIndex()).isEqualTo(before);
        encoder.encode(new ClientFrame.Commit(1, 1), out);
        FrameDecoder decoder = new FrameDecoder(FrameType.Side.CLIENT, 1000);
        assertThat(decoder.decode(out)).isEqualTo(new ClientFrame.Heartbeat());
        assertThat(decoder.decode(out)).isEqualTo(new ClientFrame.Commit(1, 1));
    }

    @Test
    void shouldTakeAFrameOfExactlyTheLimit() {
        FrameEncoder encoder = new FrameEncoder();
        encoder.setFrameLengthMax(Frame.LENGTH_MAX_HANDSHAKE);
        ClientFrame.Identify longest = new ClientFrame.Identify(1, "x".repeat(Frame.LENGTH_MAX_HANDSHAKE - 5));
        ByteBuf out = Unpooled.buffer();
        encoder.encode(longest, out);
        assertThat(out.getInt(0)).isEqualTo(Frame.LENGTH_MAX_HANDSHAKE);
        assertThat(new FrameDecoder(FrameType.Side.CLIENT, Frame.LENGTH_MAX_HANDSHAKE).decode(out))
                .isEqualTo(longest);
    }

    @Test
    void shouldHoldConnectToTheLimitOfTheHandshake() {
        ClientFrame.Connect tooLong =
                new ClientFrame.Connect(SampleFrames.ID, "x".repeat(70_000), null, null, 0, 0, 0, "p");
        assertThatThrownBy(() -> SampleFrames.encoded(tooLong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CONNECT")
                .hasMessageContaining("65536");
    }

    @Test
    void shouldWriteNothingOfAFrameWithAMissingField() {
        ByteBuf out = Unpooled.buffer();
        assertThatThrownBy(() -> new FrameEncoder().encode(new ClientFrame.DeclareAddress(1, null), out))
                .isInstanceOf(NullPointerException.class);
        assertThat(out.writerIndex()).isZero();
    }

    @Test
    void shouldRefuseLimitsThatAreTooLow() {
        assertThatThrownBy(() -> new FrameEncoder().setFrameLengthMax(Frame.LENGTH_MAX_HANDSHAKE - 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FrameDecoder(FrameType.Side.CLIENT, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNotShowThePassword() {
        Frame connect = SampleFrames.ordinary().get(FrameType.CONNECT);
        assertThat(connect.toString()).contains("anna").contains("desk-7").doesNotContain("s3cret");
    }

    @Test
    void shouldTakeTextsThatAreNotUtf8AsReplacementCharacters() {
        ByteBuf bytes = SampleFrames.encoded(new ClientFrame.Unsubscribe(1, "xx"));
        bytes.setBytes(bytes.writerIndex() - 2, new byte[] {(byte) 0xC3, (byte) 0x28});
        Frame frame = new FrameDecoder(FrameType.Side.CLIENT, 1000).decode(bytes);
        assertThat(frame)
                .isEqualTo(new ClientFrame.Unsubscribe(
                        1, new String(new byte[] {(byte) 0xC3, 0x28}, StandardCharsets.UTF_8)));
    }

    private static void assertRoundTrip(Frame frame) {
        ByteBuf bytes = SampleFrames.encoded(frame);
        assertThat(bytes.getInt(0)).isEqualTo(bytes.readableBytes() - 4);
        FrameDecoder decoder = new FrameDecoder(SampleFrames.sideOf(frame), Frame.LENGTH_MAX_DEFAULT);
        assertSame(decoder.decode(bytes), frame);
        assertThat(bytes.isReadable()).isFalse();
    }

    static void assertSame(Frame actual, Frame expected) {
        assertThat(actual)
                .usingRecursiveComparison()
                .withEqualsForType(Arrays::equals, byte[].class)
                .withStrictTypeChecking()
                .isEqualTo(expected);
        assertThat(actual).hasSameClassAs(expected);
    }
}
