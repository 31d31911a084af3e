package io.posthorn.testkit;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/**
 * The bytes of a file on a {@link SimulatedDisk}: what programs see, and what is on the disk for certain. The pages
 * of the
 * first that are newer than the second are dirty; they may reach the disk at any time, in any order. A page that a
 * failed
 * sync left behind is not dirty any more, and newer all the same: it never reaches the disk by itself.
 */
final class SimulatedFile {

    static final int PAGE = 4096;
    private static final int SECTOR = 512;
    private static final int WRITE_BACK_ONE_IN = 8;

    private byte[] seen = new byte[0];
    private int length;
    private byte[] durable = new byte[0];
    private int durableLength;
    private final BitSet dirty = new BitSet();

    static SimulatedFile of(byte[] content) {
        SimulatedFile file = new SimulatedFile();
        file.write(content, 0, content.length, 0, null);
        file.sync();
        return file;
    }

    int length() {
        return length;
    }

    int read(byte[] target, int start, int count, long position) {
        int readable = (int) Math.max(0, Math.min(count, length - position));
        System.arraycopy(seen, (int) Math.min(position, length), target, start, readable);
        return readable;
    }

    /** Writes; now and then the disk takes a dirty page before it changes again. */
    void write(byte[] source, int start, int count, int position, Random writeBack) {
        int end = Math.addExact(position, count);
        seen = grown(seen, end);
        for (int page = position / PAGE; page <= (end - 1) / PAGE && count > 0; page++) {
            if (writeBack != null && dirty.get(page) && writeBack.nextInt(WRITE_BACK_ONE_IN) == 0) {
                takePage(page);
            }
            dirty.set(page);
        }
        System.arraycopy(source, start, seen, position, count);
        length = Math.max(length, end);
    }

    void sync() {
        for (int page = dirty.nextSetBit(0); page >= 0; page = dirty.nextSetBit(page + 1)) {
            takePage(page);
        }
        dirty.clear();
        durableLength = length;
    }

    /** What kernels do: the error is told once, and the pages count as written. */
    void failSync() {
        dirty.clear();
    }

    byte[] content() {
        return Arrays.copyOf(seen, length);
    }

    /** The file after a power cut: each dirty page is there, or not, or torn. */
    SimulatedFile crashed(Random random) {
        SimulatedFile left = new SimulatedFile();
        left.durableLength = random.nextBoolean() ? length : durableLength;
        left.durable = grown(Arrays.copyOf(durable, durable.length), left.durableLength);
        for (int page = dirty.nextSetBit(0); page >= 0; page = dirty.nextSetBit(page + 1)) {
            int fate = random.nextInt(3);
            for (int sector = 0; sector < PAGE / SECTOR; sector++) {
                int at = page * PAGE + sector * SECTOR;
                if (fate == 1 || (fate == 2 && random.nextBoolean())) {
                    left.durable = grown(left.durable, Math.min(at + SECTOR, seen.length));
                    System.arraycopy(seen, at, left.durable, at, Math.max(0, Math.min(SECTOR, seen.length - at)));
                }
            }
        }
        left.durable = Arrays.copyOf(left.durable, left.durableLength);
        left.seen = left.durable.clone();
        left.length = left.durableLength;
        return left;
    }

    private void takePage(int page) {
        int start = page * PAGE;
        int count = Math.min(PAGE, seen.length - start);
        durable = grown(durable, start + count);
        System.arraycopy(seen, start, durable, start, count);
    }

    private static byte[] grown(byte[] bytes, int length) {
        return bytes.length >= length ? bytes : Arrays.copyOf(bytes, (length + PAGE - 1) / PAGE * PAGE);
    }
}
