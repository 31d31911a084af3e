package io.posthorn.journal.segment;

import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.NavigableSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The segment files of a folder: which there are, how a new one is made, and what becomes of one that is dropped.
 * Files are
 * made and dropped by the keeper (and by the opener before it runs); {@link #present} may be asked by any thread.
 */
public final class SegmentStore {

    private static final int SLICE = 1 << 20;
    private static final int SLICES_PER_SYNC = 4;

    private final LogFolder folder;
    private final UUID identity;
    private final int segmentBytes;
    private final int spareMax;
    private final NavigableSet<Long> present = new ConcurrentSkipListSet<>();
    private final Deque<String> spares = new ArrayDeque<>();
    private final ByteBuffer zeros;

    /** A store that makes segments of that length, and keeps so many files of dropped ones. */
    public SegmentStore(LogFolder folder, UUID identity, int segmentBytes, int spareMax) {
        this.folder = folder;
        this.identity = identity;
        this.segmentBytes = segmentBytes;
        this.spareMax = spareMax;
        zeros = ByteBuffer.allocateDirect(Math.min(SLICE, segmentBytes)).asReadOnlyBuffer();
    }

    /** Looks at the folder, and removes files that a crash left half made. */
    public void load() throws IOException {
        for (String name : folder.names()) {
            if (SegmentNames.segmentNumber(name) > 0) {
                present.add(SegmentNames.segmentNumber(name));
            } else if (SegmentNames.spareNumber(name) >= 0) {
                if (spares.size() < spareMax && lengthOf(name) == segmentBytes) {
                    spares.add(name);
                } else {
                    folder.delete(name);
                }
            } else if (name.endsWith(".tmp")) {
                folder.delete(name);
            }
        }
    }

    /** Numbers of the segments whose files are there, one that is only prepared included. */
    public NavigableSet<Long> present() {
        return present;
    }

    /** Makes the file of a segment, durably: one left ready by the last owner serves, or a spare file. */
    public LogFile make(long number, int capacity) throws IOException {
        String name = SegmentNames.segment(number);
        if (present.contains(number) && lengthOf(name) == capacity) {
            return folder.open(name);
        }
        if (capacity == segmentBytes && !spares.isEmpty()) {
            reuse(spares.peekFirst(), number, name);
            spares.removeFirst();
        } else {
            fill(name + ".tmp", number, capacity);
            folder.rename(name + ".tmp", name);
        }
        folder.sync();
        LogFile file = folder.open(name);
        present.add(number);
        return file;
    }

    private void reuse(String spare, long number, String name) throws IOException {
        try (LogFile file = folder.open(spare)) {
            file.write(new SegmentHeader(number, segmentBytes, true, identity).encode(), 0);
            file.sync();
        }
        folder.rename(spare, name);
    }

    private void fill(String name, long number, int capacity) throws IOException {
        try (LogFile file = folder.create(name)) {
            writeZeros(file, 0, capacity);
            file.write(new SegmentHeader(number, capacity, false, identity).encode(), 0);
            file.sync();
        } catch (IOException e) {
            try {
                folder.delete(name); // or it would hold the room that is missing
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /** Writes zeros from one offset to another, in pieces that leave the log's own syncs some room. */
    public void writeZeros(LogFile file, int from, int to) throws IOException {
        int slices = 0;
        for (int at = from; at < to; ) {
            int length = Math.min(zeros.capacity(), to - at);
            file.write(zeros.slice(0, length), at);
            at += length;
            if (++slices % SLICES_PER_SYNC == 0) {
                file.sync();
            }
        }
    }

    /** Frees segments for good: their files become spare ones or go. */
    public void drop(Collection<Long> numbers) throws IOException {
        for (long number : numbers) {
            String name = SegmentNames.segment(number);
            if (!present.contains(number)) {
                continue;
            }
            if (spares.size() < spareMax && lengthOf(name) == segmentBytes) {
                String spare = SegmentNames.spare(number);
                folder.rename(name, spare);
                spares.add(spare);
            } else {
                folder.delete(name);
            }
            present.remove(number);
        }
        folder.sync(); // before a spare is written to, or a crash could give it its old name with another's bytes
    }

    /** Removes files behind the end of the log, which hold nothing or what a crash tore. */
    public void removeBehind(long last) throws IOException {
        NavigableSet<Long> behind = present.tailSet(last, false);
        if (behind.isEmpty()) {
            return;
        }
        for (long number : behind) {
            folder.delete(SegmentNames.segment(number));
        }
        behind.clear();
        folder.sync();
    }

    private long lengthOf(String name) throws IOException {
        try (LogFile file = folder.open(name)) {
            return file.length();
        }
    }
}
