package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.posthorn.wire.message.MalformedException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes in, only {@link MalformedException} comes out, and memory stays in proportion to the limits. */
class FrameFuzzTest {

    private static final int ITERATIONS = 200_000;
    private static final int FRAME_LENGTH_MAX = 4096;

    /** Some thirty bytes of objects for a byte of frame, an envelope twice, an exception, and air. */
    private static final long ALLOCATED_MAX = 40L * FRAME_LENGTH_MAX + 2L * FRAME_LENGTH_MAX + (64 << 10);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final List<byte[]> valid = new ArrayList<>();
    private long frames;
    private long refusals;

    @Test
    void shouldSurviveAnyBytes() {
        long seed = Long.getLong("posthorn.seed", System.nanoTime());
        System.out.println("FrameFuzzTest seed " + seed);
        Random random = new Random(seed);
        SampleFrames.ordinary().values().forEach(this::addValid);
        SampleFrames.edges().forEach(this::addValid);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            byte[] input = input(random);
            try {
                feed(input, random);
            } catch (RuntimeException | Error wrong) {
                throw new AssertionError("seed " + seed + ", input " + ByteBufUtil.hexDump(input), wrong);
            }
        }
        System.out.println("FrameFuzzTest: " + frames + " frames, " + refusals + " refusals");
        assertThat(frames).isGreaterThan(ITERATIONS / 100);
        assertThat(refusals).isGreaterThan(ITERATIONS / 10);
    }

    @Test
    void shouldNotAllocateForWildCounts() {
        FrameDecoder decoder = new FrameDecoder(FrameType.Side.CLIENT, Frame.LENGTH_MAX_DEFAULT);
        ByteBuf[] inputs = {
            Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("00000008190101ffffffff07")),
            Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("00000008090101ffffffff07")),
            Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("000000072601ffffffff07"))
        };
        for (int round = 0; round < 3; round++) {
            for (ByteBuf input : inputs) {
                long before = threads.getCurrentThreadAllocatedBytes();
                boolean refused = refuses(decoder, input);
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(refused).isTrue();
                if (round > 0) {
                    assertThat(allocated).isLessThan(32 << 10);
                }
            }
        }
    }

    private static boolean refuses(FrameDecoder decoder, ByteBuf input) {
        try {
            decoder.decode(input.duplicate());
            return false;
        } catch (MalformedException expected) {
            return true;
        }
    }

    private void addValid(Frame frame) {
        byte[] bytes = ByteBufUtil.getBytes(SampleFrames.encoded(frame));
        if (bytes.length <= FRAME_LENGTH_MAX) {
            valid.add(bytes);
        }
    }

    private void feed(byte[] input, Random random) {
        FrameType.Side side = random.nextBoolean() ? FrameType.Side.CLIENT : FrameType.Side.SERVER;
        FrameDecoder decoder = new FrameDecoder(side, FRAME_LENGTH_MAX);
        ByteBuf bytes = Unpooled.wrappedBuffer(input);
        while (true) {
            int before = bytes.readerIndex();
            long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
            Frame frame;
            try {
                frame = decoder.decode(bytes);
            } catch (MalformedException expected) {
                refusals++;
                return;
            } finally {
                long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
                assertThat(allocated).isLessThan(ALLOCATED_MAX);
            }
            if (frame == null) {
                return;
            }
            assertThat(bytes.readerIndex()).isGreaterThan(before);
            frames++;
        }
    }

    private byte[] input(Random random) {
        switch (random.nextInt(4)) {
            case 0:
                return randomBytes(random, random.nextInt(64));
            case 1:
                return framed(random, randomBytes(random, 1 + random.nextInt(80)));
            case 2:
                return flipped(random, pick(random));
            default:
                return truncated(random, pick(random));
        }
    }

    private byte[] pick(Random random) {
        return valid.get(random.nextInt(valid.size())).clone();
    }

    /** A right length and mostly a known type before random bytes. */
    private static byte[] framed(Random random, byte[] payload) {
        if (random.nextInt(10) > 0) {
            FrameType[] types = FrameType.values();
            payload[0] = (byte) types[random.nextInt(types.length)].number();
        }
        for (int index = 1; index < payload.length; index++) {
            if (random.nextInt(3) > 0) {
                payload[index] &= 7;
            }
        }
        return ByteBufUtil.getBytes(Unpooled.buffer().writeInt(payload.length).writeBytes(payload));
    }

    private static byte[] flipped(Random random, byte[] bytes) {
        for (int flips = random.nextInt(4); flips >= 0; flips--) {
            int index = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : 4 + random.nextInt(bytes.length - 4);
            bytes[index] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    /** Cut short, with a length that follows the cut. */
    private static byte[] truncated(Random random, byte[] bytes) {
        int length = random.nextInt(bytes.length - 4);
        return ByteBufUtil.getBytes(Unpooled.buffer().writeInt(length).writeBytes(bytes, 4, length));
    }

    private static byte[] randomBytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
