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
    void shouldLetWhatFollowsTheRestOfAFrameBeReadWhereItLies() {
        unread.setFrameLengthMax(FRAME_MAX);
        ByteBuf stream = frames(100, 20, 30);
        unread.add(allocator.buffer(50, 50).writeBytes(stream, 50), allocator);
        ByteBuf more = stream.readRetainedSlice(stream.readableBytes());

        unread.add(more, allocator);

        assertThat(unread.bytes().readableBytes()).as("the first frame").isEqualTo(104);
        unread.bytes().skipBytes(104);
        unread.afterRead(); // as when the first frame has whoever reads it wait
        assertThat(unread.bytes()).isSameAs(more);
        assertThat(more.readableBytes()).isEqualTo(24 + 34);
        more.skipBytes(more.readableBytes());
        unread.afterRead();
        assertThat(unread.bytes()).isNull();
        assertThat(stream.release()).as("nobody else has it").isTrue();
    }

    @Test
    void shouldForgetWhatFollowsTheRestOfAFrame() {
        unread.setFrameLengthMax(FRAME_MAX);
        ByteBuf stream = frames(100, 20);
        unread.add(allocator.buffer(50, 50).writeBytes(stream, 50), allocator);
        unread.add(stream, allocator);

        unread.drop();

        assertThat(stream.refCnt()).isZero();
        assertThat(unread.bytes()).isNull();
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
        cutAndRead(1, 4 * FRAME_MAX);
    }

    /** As while a login is looked at. */
    @Test
    void shouldGiveBackEveryFrameWhenItIsNotReadAtOnce() {
        cutAndRead(4, 1 << 20);
    }

    private void cutAndRead(int readsOneIn, int capacityMax) {
        long seed = System.nanoTime();
        System.out.println("UnreadBytesTest: seed " + seed);
        Random random = new Random(seed);
        unread.setFrameLengthMax(FRAME_MAX);
        int[] lengths = random.ints(2_000, 1, FRAME_MAX).toArray();
        ByteBuf stream = frames(lengths);
        int frame = 0;
        while (stream.isReadable()) {
            int cut = Math.min(stream.readableBytes(), 1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 2 * FRAME_MAX));
            ByteBuf more = allocator.buffer(cut).writeBytes(stream, cut);
            unread.add(more, allocator);
            assertThat(unread.bytes().capacity()).as("seed %d", seed).isLessThanOrEqualTo(capacityMax);
            if (random.nextInt(readsOneIn) == 0 || !stream.isReadable()) {
                frame = readWhole(lengths, frame, seed);
            }
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
            bytes = unread.bytes();
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
