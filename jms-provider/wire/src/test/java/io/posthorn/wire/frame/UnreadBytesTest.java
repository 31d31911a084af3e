package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnreadBytesTest {

    private static final int FRAME_MAX = 3_000;

    private final ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    private final UnreadBytes unread = new UnreadBytes();

    @AfterEach
    void drop() {
        unread.drop();
    }

    @Test
    void shouldLetABurstOfWholeFramesBeReadWhereItLies() {
        ByteBuf burst = frames(10, 20);

        unread.add(burst, allocator);

        assertThat(unread.bytes()).isSameAs(burst);
        burst.skipBytes(burst.readableBytes());
        unread.afterRead();
        assertThat(unread.bytes()).isNull();
        assertThat(burst.refCnt()).isZero();
    }

    @Test
    void shouldKeepWhatWasNotReadAndNothingElse() {
        ByteBuf burst = frames(100_000, 50);
        unread.add(burst, allocator);
        burst.skipBytes(burst.readableBytes() - 10);
        unread.afterRead();
        ByteBuf rest = frames(6);

        unread.add(rest, allocator);

        assertThat(burst.refCnt()).isZero();
        assertThat(rest.refCnt()).isZero();
        assertThat(unread.bytes().readableBytes()).isEqualTo(20);
        assertThat(unread.bytes().capacity()).isLessThan(Frame.LENGTH_MAX_HANDSHAKE + 100);
    }

    @Test
    void shouldMakeRoomForTheWholeFrameAtOnce() {
        unread.setFrameLengthMax(FRAME_MAX);
        unread.add(frames(FRAME_MAX).slice(0, 10), allocator);

        unread.add(allocator.buffer().writeZero(1), allocator);

        assertThat(unread.bytes().capacity()).isEqualTo(FRAME_MAX + 4);
    }

    @Test
    void shouldMakeRoomForNoMoreThanAFrameMayHaveWhateverTheBytesSay() {
        unread.setFrameLengthMax(FRAME_MAX);
        for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            unread.add(allocator.buffer().writeInt(length), allocator);
            unread.add(allocator.buffer().writeZero(300), allocator);

            assertThat(unread.bytes().readableBytes()).as("%d", length).isEqualTo(304);
            assertThat(unread.bytes().capacity()).as("%d", length).isBetween(304, FRAME_MAX + 4);
            unread.drop();
        }
    }

    @Test
    void shouldTakeALengthThatComesByteByByte() {
        unread.setFrameLengthMax(FRAME_MAX);
        ByteBuf whole = frames(5);
        while (whole.isReadable()) {
            unread.add(allocator.buffer().writeByte(whole.readByte()), allocator);
        }

        assertThat(unread.bytes().readableBytes()).isEqualTo(9);
        assertThat(unread.bytes().readInt()).isEqualTo(5);
    }

    @Test
    void shouldGiveBackEveryFrameHoweverTheStreamIsCut() {
        long seed = System.nanoTime();
        System.out.println("UnreadBytesTest.shouldGiveBackEveryFrameHoweverTheStreamIsCut: seed " + seed);
        Random random = new Random(seed);
        unread.setFrameLengthMax(FRAME_MAX);
        int[] lengths = random.ints(2_000, 1, FRAME_MAX).toArray();
        ByteBuf stream = frames(lengths);
        int frame = 0;
        while (stream.isReadable()) {
            int cut = Math.min(stream.readableBytes(), 1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 2 * FRAME_MAX));
            ByteBuf more = allocator.buffer(cut).writeBytes(stream, cut);
            unread.add(more, allocator);
            assertThat(unread.bytes().capacity()).as("seed %d", seed).isLessThanOrEqualTo(4 * FRAME_MAX);
            frame = readWhole(lengths, frame, seed);
            unread.afterRead();
        }
        assertThat(frame).isEqualTo(lengths.length);
        assertThat(unread.bytes()).isNull();
    }

    /** Reads the frames that are whole; returns the number of the next one. */
    private int readWhole(int[] lengths, int from, long seed) {
        ByteBuf bytes = unread.bytes();
        int frame = from;
        while (bytes.readableBytes() >= 4 && bytes.readableBytes() >= 4 + bytes.getInt(bytes.readerIndex())) {
            assertThat(bytes.readInt()).as("seed %d frame %d", seed, frame).isEqualTo(lengths[frame]);
            for (int index = 0; index < lengths[frame]; index++) {
                if (bytes.readByte() != (byte) frame) {
                    throw new AssertionError("seed " + seed + ": frame " + frame + " has another's bytes at " + index);
                }
            }
            frame++;
        }
        return frame;
    }

    /** Frames of these lengths, each filled with its number, in a buffer that has no room for more. */
    private ByteBuf frames(int... lengths) {
        ByteBuf bytes =
                allocator.buffer(4 * lengths.length + Arrays.stream(lengths).sum());
        for (int number = 0; number < lengths.length; number++) {
            bytes.writeInt(lengths[number]);
            for (int index = 0; index < lengths[number]; index++) {
                bytes.writeByte(number);
            }
        }
        return bytes;
    }
}
