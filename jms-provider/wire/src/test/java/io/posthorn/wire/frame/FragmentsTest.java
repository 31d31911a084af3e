package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames whose bytes come in parts. */
class FragmentsTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 262_144, 1_000_000})
    void shouldGiveBackEnvelopesOfAnyLengthHoweverTheBytesAreCut(int length) {
        long seed = Long.getLong("posthorn.seed", System.nanoTime());
        System.out.println("FragmentsTest seed " + seed);
        Random random = new Random(seed);
        byte[] envelope = bytes(random, length);
        List<Frame> sent = List.of(
                new ClientFrame.Send(1, 2, true, true, 3, envelope),
                new ClientFrame.Heartbeat(),
                new ClientFrame.Send(2, 2, false, true, 3, bytes(random, length)),
                new ClientFrame.Commit(3, 2));
        assertGiveBack(sent, FrameType.Side.CLIENT, random);
        List<Frame> delivered = List.of(
                new ServerFrame.Deliver(1, 2, 3, 4, true, envelope),
                new ServerFrame.Confirmed(1),
                new ServerFrame.Deliver(1, 2, 4, 0, false, bytes(random, length)));
        assertGiveBack(delivered, FrameType.Side.SERVER, random);
    }

    private static void assertGiveBack(List<Frame> sent, FrameType.Side side, Random random) {
        ByteBuf all = encoded(sent.toArray(Frame[]::new));
        FrameDecoder decoder = new FrameDecoder(side, Frame.LENGTH_MAX_DEFAULT);
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

    private static ByteBuf encoded(Frame... frames) {
        ByteBuf bytes = Unpooled.buffer();
        FrameEncoder encoder = new FrameEncoder();
        for (Frame frame : frames) {
            encoder.encode(frame, bytes);
        }
        return bytes;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
