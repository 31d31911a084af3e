package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.wire.message.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Envelopes that travel in chunks. */
class TransferTest {

    private static final int LIMIT = 8 << 20;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Frame.CHUNK_LENGTH - 1, Frame.CHUNK_LENGTH, Frame.CHUNK_LENGTH + 1, 3 << 20})
    void shouldGiveBackEnvelopesOfAnyLengthHoweverTheBytesAreCut(int length) {
        long seed = Long.getLong("posthorn.seed", System.nanoTime());
        System.out.println("TransferTest seed " + seed);
        Random random = new Random(seed);
        byte[] envelope = bytes(random, length);
        List<Frame> sent = List.of(
                new ClientFrame.Send(1, 2, true, 3, envelope),
                new ClientFrame.Heartbeat(),
                new ClientFrame.Send(2, 2, false, 3, bytes(random, length)),
                new ClientFrame.Commit(3, 2));
        assertGiveBack(sent, FrameType.Side.CLIENT, random);
        List<Frame> delivered = List.of(
                new ServerFrame.Deliver(1, 2, 3, 4, true, envelope),
                new ServerFrame.Confirmed(1),
                new ServerFrame.Deliver(1, 2, 4, 0, false, bytes(random, length)));
        assertGiveBack(delivered, FrameType.Side.SERVER, random);
    }

    @Test
    void shouldSendInOneFrameWhatFitsInAChunk() {
        assertThat(typesOf(new ClientFrame.Send(1, 1, false, 1, new byte[Frame.CHUNK_LENGTH])))
                .containsExactly(FrameType.SEND);
        assertThat(typesOf(new ClientFrame.Send(1, 1, false, 1, new byte[Frame.CHUNK_LENGTH + 1])))
                .containsExactly(FrameType.SEND_CHUNK, FrameType.SEND_CHUNK, FrameType.SEND_STAGED);
        assertThat(typesOf(new ServerFrame.Deliver(1, 1, 1, 1, false, new byte[2 * Frame.CHUNK_LENGTH])))
                .containsExactly(FrameType.DELIVER_CHUNK, FrameType.DELIVER_CHUNK, FrameType.DELIVER_STAGED);
    }

    @Test
    void shouldMakeChunksShortEnoughForAPeerWithALowLimit() {
        FrameEncoder encoder = new FrameEncoder();
        encoder.setFrameLengthMax(Frame.LENGTH_MAX_HANDSHAKE);
        ClientFrame.Send send = new ClientFrame.Send(-1, -1, false, -1, bytes(new Random(1), 200_000));
        ByteBuf bytes = Unpooled.buffer();
        encoder.encode(send, bytes);
        FrameDecoder decoder = new FrameDecoder(FrameType.Side.CLIENT, Frame.LENGTH_MAX_HANDSHAKE, LIMIT);
        FrameCodecTest.assertSame(decoder.decode(bytes), send);
        for (int length = Frame.LENGTH_MAX_HANDSHAKE - 100; length < Frame.LENGTH_MAX_HANDSHAKE + 10; length++) {
            encoder.encode(new ClientFrame.Send(-1, -1, false, -1, new byte[length]), bytes);
            encoder.encode(new ClientFrame.Heartbeat(), bytes);
            assertThat(((ClientFrame.Send) decoder.decode(bytes)).envelope()).hasSize(length);
            assertThat(decoder.decode(bytes)).isEqualTo(new ClientFrame.Heartbeat());
        }
    }

    @Test
    void shouldLetOtherFramesPassBetweenChunks() {
        ByteBuf bytes = encoded(
                new ClientFrame.SendChunk(7, new byte[] {1, 2}),
                new ClientFrame.Heartbeat(),
                new ClientFrame.Send(1, 1, false, 1, new byte[] {9}),
                new ClientFrame.SendChunk(7, new byte[] {3}),
                new ClientFrame.SendStaged(2, 1, true, 1, 7, 3));
        FrameDecoder decoder = decoder(100);
        assertThat(decoder.decode(bytes)).isEqualTo(new ClientFrame.Heartbeat());
        assertThat(((ClientFrame.Send) decoder.decode(bytes)).envelope()).containsExactly(9);
        FrameCodecTest.assertSame(decoder.decode(bytes), new ClientFrame.Send(2, 1, true, 1, new byte[] {1, 2, 3}));
    }

    @Test
    void shouldTakeAMessageOfExactlyTheLimit() {
        for (boolean chunked : new boolean[] {false, true}) {
            assertThat(decoder(10).decode(message(10, chunked))).isInstanceOf(ClientFrame.Send.class);
            assertThat(decoder(10).decode(message(11, chunked))).isEqualTo(new ClientFrame.SendRefused(5, 11, 10));
        }
    }

    @Test
    void shouldGoOnAfterAMessageThatIsTooLong() {
        int length = 3 << 20;
        ByteBuf bytes = Unpooled.buffer();
        FrameEncoder encoder = new FrameEncoder();
        encoder.encode(new ClientFrame.Send(1, 1, false, 1, new byte[length]), bytes);
        encoder.encode(new ClientFrame.Send(2, 1, false, 1, new byte[1 << 20]), bytes);
        encoder.encode(new ClientFrame.Commit(3, 1), bytes);
        FrameDecoder decoder = decoder(1 << 20);
        assertThat(decoder.decode(bytes)).isEqualTo(new ClientFrame.SendRefused(1, length, 1 << 20));
        assertThat(((ClientFrame.Send) decoder.decode(bytes)).envelope()).hasSize(1 << 20);
        assertThat(decoder.decode(bytes)).isEqualTo(new ClientFrame.Commit(3, 1));
    }

    @Test
    void shouldEndTheConnectionWhenTheServerDeliversTooMuch() {
        ByteBuf whole = encoded(new ServerFrame.Deliver(1, 1, 1, 0, false, new byte[11]));
        ByteBuf inChunks =
                encoded(new ServerFrame.DeliverChunk(1, new byte[6]), new ServerFrame.DeliverChunk(1, new byte[5]));
        for (ByteBuf bytes : List.of(whole, inChunks)) {
            FrameDecoder decoder = new FrameDecoder(FrameType.Side.SERVER, Frame.LENGTH_MAX_DEFAULT, 10);
            assertThatThrownBy(() -> decoder.decode(bytes))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("11 bytes")
                    .hasMessageContaining("10")
                    .hasMessageContaining("message length limit");
        }
    }

    @Test
    void shouldRefuseTwoTransfersAtATime() {
        assertMalformed("transfer 2 while transfer 1", chunk(1, 3), chunk(2, 3));
    }

    @Test
    void shouldRefuseAnEmptyChunk() {
        assertMalformed("empty", chunk(1, 0));
    }

    @Test
    void shouldRefuseTheEndOfATransferThatNeverBegan() {
        assertMalformed("transfer 1", new ClientFrame.SendStaged(1, 1, false, 1, 1, 0));
        assertMalformed("transfer 2", chunk(1, 3), new ClientFrame.SendStaged(1, 1, false, 1, 2, 3));
    }

    @Test
    void shouldRefuseATransferOfAnotherLengthThanItsEndSays() {
        assertMalformed("3 have come", chunk(1, 3), new ClientFrame.SendStaged(1, 1, false, 1, 1, 4));
        assertMalformed("3 have come", chunk(1, 3), new ClientFrame.SendStaged(1, 1, false, 1, 1, 2));
        assertMalformed("200 have come", chunk(1, 200), new ClientFrame.SendStaged(1, 1, false, 1, 1, 99));
    }

    @Test
    void shouldRefuseToEndOneTransferTwice() {
        ClientFrame end = new ClientFrame.SendStaged(1, 1, false, 1, 1, 3);
        ByteBuf bytes = encoded(chunk(1, 3), end, end);
        FrameDecoder decoder = decoder(100);
        assertThat(decoder.decode(bytes)).isInstanceOf(ClientFrame.Send.class);
        assertThatThrownBy(() -> decoder.decode(bytes)).isInstanceOf(MalformedException.class);
    }

    @Test
    void shouldGatherChunksOfAnyLength() {
        long seed = Long.getLong("posthorn.seed", System.nanoTime());
        System.out.println("TransferTest seed " + seed);
        Random random = new Random(seed);
        byte[] envelope = bytes(random, 2 * Frame.CHUNK_LENGTH + 4711);
        ByteBuf bytes = Unpooled.buffer();
        FrameEncoder encoder = new FrameEncoder();
        for (int offset = 0; offset < envelope.length; ) {
            int length = Math.min(envelope.length - offset, 1 + random.nextInt(Frame.CHUNK_LENGTH));
            byte[] piece = new byte[length];
            System.arraycopy(envelope, offset, piece, 0, length);
            encoder.encode(new ClientFrame.SendChunk(1, piece), bytes);
            offset += length;
        }
        encoder.encode(new ClientFrame.SendStaged(1, 1, false, 1, 1, envelope.length), bytes);
        FrameDecoder decoder = decoder(envelope.length);
        assertThat(((ClientFrame.Send) decoder.decode(bytes)).envelope()).isEqualTo(envelope);
    }

    private static ByteBuf message(int length, boolean chunked) {
        return chunked
                ? encoded(chunk(1, length - 1), chunk(1, 1), new ClientFrame.SendStaged(5, 1, false, 1, 1, length))
                : encoded(new ClientFrame.Send(5, 1, false, 1, new byte[length]));
    }

    private static ClientFrame.SendChunk chunk(long transfer, int length) {
        return new ClientFrame.SendChunk(transfer, new byte[length]);
    }

    private static void assertGiveBack(List<Frame> sent, FrameType.Side side, Random random) {
        ByteBuf all = encoded(sent.toArray(Frame[]::new));
        FrameDecoder decoder = new FrameDecoder(side, Frame.LENGTH_MAX_DEFAULT, LIMIT);
        ByteBuf come = Unpooled.buffer();
        List<Frame> got = new ArrayList<>();
        while (all.isReadable()) {
            come.writeBytes(all, Math.min(all.readableBytes(), 1 + random.nextInt(100_000)));
            for (Frame frame = decoder.decode(come); frame != null; frame = decoder.decode(come)) {
                got.add(frame);
            }
            come.discardReadBytes();
        }
        assertThat(come.isReadable()).isFalse();
        assertThat(got).hasSameSizeAs(sent);
        for (int index = 0; index < got.size(); index++) {
            FrameCodecTest.assertSame(got.get(index), sent.get(index));
        }
    }

    private static List<FrameType> typesOf(Frame frame) {
        ByteBuf bytes = encoded(frame);
        List<FrameType> types = new ArrayList<>();
        while (bytes.isReadable()) {
            types.add(SampleFrames.typeOf(bytes));
            bytes.skipBytes(4 + bytes.getInt(bytes.readerIndex()));
        }
        return types;
    }

    private static void assertMalformed(String text, Frame... frames) {
        ByteBuf bytes = encoded(frames);
        assertThatThrownBy(() -> decoder(100).decode(bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(text);
    }

    private static ByteBuf encoded(Frame... frames) {
        ByteBuf bytes = Unpooled.buffer();
        FrameEncoder encoder = new FrameEncoder();
        for (Frame frame : frames) {
            encoder.encode(frame, bytes);
        }
        return bytes;
    }

    private static FrameDecoder decoder(long messageLengthMax) {
        return new FrameDecoder(FrameType.Side.CLIENT, Frame.LENGTH_MAX_DEFAULT, messageLengthMax);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
