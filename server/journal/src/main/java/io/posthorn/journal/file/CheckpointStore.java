package io.posthorn.journal.file;

import io.posthorn.journal.Journal.Checkpoint;
import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import io.posthorn.journal.segment.Position;
import io.posthorn.journal.segment.SegmentNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files {@code checkpoint-N.idx}, numbered as they were made. The last two are kept: if the newest cannot be
 * read, the
 * one before serves, and the log behind it is still there. Numbers are big-endian.
 *
 * <pre>
 *  0   8  "POSTHCKP"
 *  8   4  version of the format, 1
 * 12   4  length of this header, 64
 * 16  16  identity of the log
 * 32   8  number of the checkpoint
 * 40   8  position up to which the index speaks
 * 48   8  length of the index in bytes
 * 56   4  CRC32C of the index
 * 60   4  CRC32C of bytes 0 to 59
 * 64      the index
 * </pre>
 *
 * A file gets its name when all of it is durable. Used by the opener's thread, then by the
 * keeper's, unless said otherwise.
 */
public final class CheckpointStore {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final byte[] MAGIC = "POSTHCKP".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEADER_LENGTH = 64;
    private static final int CHECKED = HEADER_LENGTH - 4;
    private static final int KEPT = 2;
    private static final int SLICE = 1 << 20;
    private static final int SLICES_PER_SYNC = 4;
    private static final String PREFIX = "checkpoint-";
    private static final String SUFFIX = ".idx";

    private final LogFolder folder;
    private final UUID identity;
    private final Deque<Entry> kept = new ArrayDeque<>(); // newest first; its monitor guards it
    private long numberLast;
    private boolean needsNothing;

    public CheckpointStore(LogFolder folder, UUID identity) {
        this.folder = folder;
        this.identity = identity;
    }

    /** A file of a checkpoint; the checkpoint is null if it is not whole. */
    public record Found(String name, Checkpoint checkpoint) {}

    private record Entry(long number, long position) {}

    private record Header(long number, long position, long length, int check) {}

    /**
     * The newest checkpoint that can be read, or null if there is none; {@code unreadable} tells of any
     * that cannot.
     */
    public Checkpoint load(List<String> unreadable) throws IOException {
        List<Long> numbers = numbers();
        numberLast = numbers.isEmpty() ? 0 : numbers.get(0);
        Checkpoint found = null;
        for (long number : numbers) {
            Checkpoint checkpoint = read(number, found == null);
            if (checkpoint == null) {
                unreadable.add(folder.place(name(number)));
                continue;
            }
            found = found == null ? checkpoint : found;
            kept.addLast(new Entry(number, checkpoint.position()));
        }
        if (found != null && !unreadable.isEmpty()) {
            LOG.warn(
                    "Cannot read {}; going on from {}",
                    unreadable,
                    folder.place(name(kept.getFirst().number())));
        }
        return found;
    }

    /** All checkpoints that are there, the newest first. */
    public List<Found> find() throws IOException {
        List<Found> all = new ArrayList<>();
        for (long number : numbers()) {
            all.add(new Found(name(number), read(number, true)));
        }
        return all;
    }

    private List<Long> numbers() throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (String name : folder.names()) {
            long number = SegmentNames.number(name, PREFIX, SUFFIX);
            if (number >= 0) {
                numbers.add(number);
            }
        }
        numbers.sort(Collections.reverseOrder());
        return numbers;
    }

    /** The newest checkpoint, read again; null if there is none. For any thread. */
    Checkpoint latest() throws IOException {
        while (true) {
            Entry newest = newest();
            if (newest == null) {
                return null;
            }
            try {
                Checkpoint checkpoint = read(newest.number(), true);
                if (checkpoint != null) {
                    return checkpoint;
                }
                throw new IOException(folder.place(name(newest.number())) + " is damaged");
            } catch (IOException e) {
                if (newest.equals(newest())) {
                    throw e; // otherwise two newer ones were stored meanwhile, and this one was removed
                }
            }
        }
    }

    private Entry newest() {
        synchronized (kept) {
            return kept.peekFirst();
        }
    }

    /** There will be no checkpoint, and no next start: a segment that is dropped is not needed. Before the keeper runs. */
    void needNothing() {
        needsNothing = true;
    }

    /** Segments before this one are not needed by any checkpoint that is kept. */
    long segmentNeeded() {
        if (needsNothing) {
            return Long.MAX_VALUE;
        }
        synchronized (kept) {
            return kept.size() < KEPT
                    ? 0
                    : kept.stream()
                            .mapToLong(entry -> Position.segment(entry.position()))
                            .min()
                            .orElse(0);
        }
    }

    /** The position of the older of the checkpoints that are kept; 0 while there are not enough of them. */
    long positionKept() {
        if (needsNothing) {
            return Long.MAX_VALUE;
        }
        synchronized (kept) {
            return kept.size() < KEPT
                    ? 0
                    : kept.stream().mapToLong(entry -> entry.position()).min().orElse(0);
        }
    }

    /**
     * Stores an index durably and removes what is older than the one before it.
     *
     * @param between run between pieces of it, since this may take long
     */
    public void store(long position, byte[] index, Runnable between) throws IOException {
        long number = numberLast + 1;
        String newName = name(number) + ".tmp";
        try (LogFile file = folder.create(newName)) {
            file.write(header(number, position, index), 0);
            int slices = 0;
            for (int start = 0; start < index.length; start += SLICE) {
                file.write(
                        ByteBuffer.wrap(index, start, Math.min(SLICE, index.length - start)),
                        HEADER_LENGTH + (long) start);
                if (++slices % SLICES_PER_SYNC == 0) {
                    file.sync(); // in small pieces, for the sake of the log's own syncs
                    between.run();
                }
            }
            file.sync();
        }
        folder.rename(newName, name(number));
        folder.sync();
        numberLast = number;
        synchronized (kept) {
            kept.addFirst(new Entry(number, position));
            while (kept.size() > KEPT) {
                kept.removeLast();
            }
        }
        removeOlder();
    }

    private void removeOlder() throws IOException {
        for (String name : folder.names()) {
            long number = SegmentNames.number(name, PREFIX, SUFFIX);
            if (number >= 0 && kept.stream().noneMatch(entry -> entry.number() == number)) {
                folder.delete(name);
            }
        }
    }

    private ByteBuffer header(long number, long position, byte[] index) {
        CRC32C crc = new CRC32C();
        crc.update(index);
        ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH);
        header.put(MAGIC)
                .putInt(VERSION)
                .putInt(HEADER_LENGTH)
                .putLong(identity.getMostSignificantBits())
                .putLong(identity.getLeastSignificantBits())
                .putLong(number)
                .putLong(position)
                .putLong(index.length)
                .putInt((int) crc.getValue());
        header.putInt(CHECKED, check(header.array(), CHECKED));
        return header.clear();
    }

    /** The checkpoint, or null if it is not whole. Without its index if that is not wanted. */
    private Checkpoint read(long number, boolean withIndex) throws IOException {
        try (LogFile file = folder.open(name(number))) {
            Header header = readHeader(file, number);
            if (header == null || header.length() != file.length() - HEADER_LENGTH) {
                return null;
            }
            if (!withIndex) {
                return new Checkpoint(header.position(), new byte[0]);
            }
            byte[] index = new byte[Math.toIntExact(header.length())];
            int count = file.read(ByteBuffer.wrap(index), HEADER_LENGTH);
            return count == index.length && check(index, count) == header.check()
                    ? new Checkpoint(header.position(), index)
                    : null;
        }
    }

    private Header readHeader(LogFile file, long number) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_LENGTH);
        if (file.read(bytes, 0) < HEADER_LENGTH || bytes.getInt(CHECKED) != check(bytes.array(), CHECKED)) {
            return null;
        }
        bytes.flip();
        byte[] magic = new byte[MAGIC.length];
        bytes.get(magic);
        boolean known =
                java.util.Arrays.equals(magic, MAGIC) && bytes.getInt() == VERSION && bytes.getInt() == HEADER_LENGTH;
        boolean ours = new UUID(bytes.getLong(), bytes.getLong()).equals(identity) && bytes.getLong() == number;
        return known && ours ? new Header(number, bytes.getLong(), bytes.getLong(), bytes.getInt()) : null;
    }

    private static int check(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static String name(long number) {
        return SegmentNames.name(PREFIX, number, SUFFIX);
    }
}
