package io.posthorn.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.FrameEncoder;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IncomingTest {

    private final ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;

    @Test
    void shouldReadTheSameFramesHoweverTheBytesAreCut() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<ServerFrame> frames = frames(random);
            List<ByteBuf> pieces = cut(frames, random);

            assertThat(read(pieces)).as("seed %d, round %d", seed, round).isEqualTo(frames);
            assertThat(pieces).as("seed %d, round %d", seed, round).allMatch(piece -> piece.refCnt() == 0);
        }
    }

    @Test
    void shouldReleaseWhatIsLeftWhenDropped() {
        ByteBuf half = Unpooled.buffer().writeInt(100).writeByte(72);
        Incoming incoming = new Incoming();
        incoming.add(half, allocator);
        assertThat(incoming.next()).isNull();
        incoming.afterRead();
        assertThat(half.refCnt()).isEqualTo(1);

        incoming.drop();
        incoming.afterRead();

        assertThat(half.refCnt()).isZero();
    }

    private List<ServerFrame> read(List<ByteBuf> pieces) {
        Incoming incoming = new Incoming();
        List<ServerFrame> read = new ArrayList<>();
        for (ByteBuf piece : pieces) {
            incoming.add(piece, allocator);
            for (ServerFrame frame = incoming.next(); frame != null; frame = incoming.next()) {
                read.add(frame);
            }
            incoming.afterRead();
        }
        return read;
    }

    private static List<ServerFrame> frames(Random random) {
        List<ServerFrame> frames = new ArrayList<>();
        int count = 1 + random.nextInt(30);
        for (int i = 0; i < count; i++) {
            frames.add(
                    random.nextBoolean()
                            ? new ServerFrame.Confirmed(random.nextInt(1000))
                            : new ServerFrame.Failed(i, ErrorCode.SECURITY, "x".repeat(random.nextInt(3000))));
        }
        return frames;
    }

    private static List<ByteBuf> cut(List<ServerFrame> frames, Random random) {
        ByteBuf all = Unpooled.buffer();
        FrameEncoder encoder = new FrameEncoder();
        frames.forEach(frame -> encoder.encode(frame, all));
        int pieceMax = 1 + random.nextInt(2000);
        List<ByteBuf> pieces = new ArrayList<>();
        while (all.isReadable()) {
            int length = Math.min(all.readableBytes(), 1 + random.nextInt(pieceMax));
            pieces.add(Unpooled.buffer(length).writeBytes(all, length));
        }
        return pieces;
    }
}
