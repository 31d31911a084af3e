package io.posthorn.journal.file;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.journal.disk.DiskFolder;
import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import io.posthorn.journal.disk.UnsyncedFolder;
import io.posthorn.journal.segment.Position;
import io.posthorn.journal.segment.RecordReader;
import io.posthorn.journal.segment.SegmentHeader;
import io.posthorn.journal.segment.SegmentNames;
import io.posthorn.journal.segment.SegmentReaders;
import io.posthorn.journal.segment.SegmentScanner;
import io.posthorn.journal.segment.SegmentStore;
import io.posthorn.journal.segment.Site;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log in a folder of the local file system. The files are described in docs/data-files.md.
 *
 * <p>Beyond what {@link Journal} promises:
 *
 * <ul>
 *   <li>{@link #append} never waits. What cannot be written yet stays in memory; an owner that heeds {@link
 *       #backlogBytes()} bounds it.
 *   <li>After {@link ProgressListener#onFailure}, appends are taken and forgotten: they get the position {@link
 *       Long#MAX_VALUE}, which no progress ever reaches. What was durable can still be read.
 *   <li>No room for the next segment is no failure: what was appended waits, and goes on when there is room.
 *   <li>A segment that is to be dropped cannot be read from then on. Its file is freed when two checkpoints lie
 * behind it,
 *       so that the older one can serve if the newer cannot be read. After a crash before that the segment is there
 *       again, and is to be dropped again.
 *   <li>The positions of checkpoints never fall. The index belongs to the log until it is stored; the caller must not
 *       change it. A checkpoint that waits is replaced by the next one.
 *   <li>An interrupt of a calling thread has no effect on the log; waiting goes on, the thread's interrupt status is
 * kept.
 * </ul>
 */
public final class FileJournal implements Journal {

    private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);

    private final LogFolder folder;
    private final FileJournalSettings settings;
    private final Closeable lock;
    private final Crew crew;
    private final ControlFile controlFile;
    private final ControlFile.State control;
    private final boolean closedCleanly;
    private final CheckpointStore checkpoints;
    private final SegmentStore segments;
    private final SegmentReaders readers;
    private final RecordReader recordReader;
    private final Set<Long> dropped = ConcurrentHashMap.newKeySet();

    private final List<String> unreadable = new ArrayList<>();
    private Checkpoint checkpointAtOpen;
    private Recovery recovery;
    private volatile Staging staging;
    private LogWriter writer;
    private Keeper keeper;
    private volatile boolean closed;
    private boolean scratch;

    /**
     * Opens the log in a folder, or begins one there.
     *
     * @throws JournalException LOCKED, naming the holder, when another process or this one has it open; UNUSABLE
     * when the
     *     folder cannot be created or written, or a later release wrote it; DAMAGED
     */
    public static FileJournal open(Path folder, FileJournalSettings settings) throws JournalException {
        return open(DiskFolder.at(folder), settings);
    }

    /** Opens a log in a folder of any kind. */
    public static FileJournal open(LogFolder folder, FileJournalSettings settings) throws JournalException {
        return open(folder, settings, new Crew(System::nanoTime, true), UUID.randomUUID());
    }

    /**
     * Begins a log in a folder, whatever an earlier one left there, for what need not survive: nothing is synced, a dropped
     * segment is freed at once, and {@link #close} leaves nothing behind.
     *
     * @throws JournalException as for {@link #open(Path, FileJournalSettings)}
     */
    public static FileJournal openScratch(Path path, FileJournalSettings settings) throws JournalException {
        LogFolder folder = new UnsyncedFolder(DiskFolder.at(path));
        Closeable lock = folder.lock();
        try {
            clear(folder);
        } catch (IOException e) {
            throw unusable(folder, e);
        } finally {
            unlock(lock, folder);
        }
        FileJournal opened = open(folder, settings);
        opened.scratch = true;
        return opened;
    }

    private static void clear(LogFolder folder) throws IOException {
        for (String name : folder.names()) {
            boolean ours = SegmentNames.segmentNumber(name) >= 0
                    || SegmentNames.spareNumber(name) >= 0
                    || name.equals(ControlFile.NAME)
                    || name.endsWith(".tmp");
            if (ours) {
                folder.delete(name);
            }
        }
    }

    /**
     * Opens a log that has no threads: all its work is done in {@link #step}, by the caller's clock. For simulations.
     *
     * @param identity the identity of the log, if there is none yet
     */
    public static FileJournal openStepped(
            LogFolder folder, FileJournalSettings settings, LongSupplier clockNs, UUID identity)
            throws JournalException {
        return open(folder, settings, new Crew(clockNs, false), identity);
    }

    private static FileJournal open(LogFolder folder, FileJournalSettings settings, Crew crew, UUID newIdentity)
            throws JournalException {
        Closeable lock = folder.lock();
        FileJournal opened = null;
        try {
            opened = new FileJournal(folder, settings, crew, lock, newIdentity);
            return opened;
        } catch (IOException e) {
            throw unusable(folder, e);
        } finally {
            if (opened == null) {
                unlock(lock, folder);
            }
        }
    }

    private FileJournal(LogFolder folder, FileJournalSettings settings, Crew crew, Closeable lock, UUID newIdentity)
            throws JournalException, IOException {
        this.folder = folder;
        this.settings = settings;
        this.crew = crew;
        this.lock = lock;
        controlFile = new ControlFile(folder);
        List<String> names = folder.names();
        boolean isNew = !names.contains(ControlFile.NAME);
        if (isNew && names.stream().anyMatch(name -> SegmentNames.segmentNumber(name) >= 0)) {
            throw Site.damaged(folder.place(), "The file " + folder.place(ControlFile.NAME) + " is gone");
        }
        ControlFile.State before =
                isNew ? new ControlFile.State(newIdentity, 0, true, Position.START) : controlFile.read();
        closedCleanly = before.closed();
        control = before.opened();
        checkpoints = new CheckpointStore(folder, control.identity());
        segments = new SegmentStore(folder, control.identity(), settings.segmentBytes(), settings.spareSegments());
        readers = new SegmentReaders(folder, settings.openSegments());
        recordReader = new RecordReader(folder, readers, settings.readAheadBytes());
        segments.load();
        checkpointAtOpen = checkpoints.load(unreadable);
        controlFile.write(control);
    }

    private static JournalException unusable(LogFolder folder, IOException cause) {
        return new JournalException(
                JournalException.Kind.UNUSABLE,
                "The data folder " + folder.place() + " cannot be used: " + cause
                        + ". Give the user that runs this process the right to read and write there, or choose another folder.",
                cause);
    }

    @Override
    public UUID identity() {
        return control.identity();
    }

    @Override
    public long epoch() {
        return control.epoch();
    }

    @Override
    public boolean closedCleanly() {
        return closedCleanly;
    }

    @Override
    public Pressure pressure() {
        return staging == null ? null : keeper.pressure();
    }

    @Override
    public long backlogBytes() {
        return staging == null ? 0 : staging.backlog();
    }

    /** Numbers of the segments that hold disk space, in order; the last may be one that is only prepared. */
    public NavigableSet<Long> segments() {
        return new TreeSet<>(segments.present());
    }

    @Override
    public Checkpoint latestCheckpoint() {
        if (staging == null) {
            return checkpointAtOpen;
        }
        try {
            return checkpoints.latest();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("The latest checkpoint in " + folder.place() + " cannot be read", e);
        }
    }

    @Override
    public void replay(BatchVisitor visitor) throws JournalException {
        requireOpen();
        if (staging != null) {
            throw new IllegalStateException("The log was replayed already");
        }
        try {
            recovery = new Recovery(folder, segments, control, closedCleanly);
            long start = checkpointAtOpen == null ? beginning(visitor) : checkpointAtOpen.position();
            Tail tail = recovery.run(start, visitor);
            requireAll(visitor.segmentsNeeded());
            LOG.info(
                    "Opened the log in {}: owner {}, {} after {} batches behind the checkpoint, end at position {}",
                    folder.place(),
                    control.epoch(),
                    closedCleanly ? "closed in order" : "not closed in order",
                    recovery.batchCount(),
                    Position.text(tail.end()));
            checkpointAtOpen = null;
            recovery = null;
            begin(tail);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private void requireAll(Iterable<Long> needed) throws JournalException {
        for (long segment : needed) {
            if (!segments.present().contains(segment)) {
                Site site = Site.of(folder, segment);
                throw Site.damaged(
                        site.folder(),
                        "The file " + site.place() + " is gone, and messages that are needed were in it");
            }
        }
    }

    /** Where a log is read from that has no checkpoint: 0 when all of it is there. */
    private long beginning(BatchVisitor visitor) throws JournalException, IOException {
        long found = recovery.findBeginning(visitor);
        if (found > 0) {
            LOG.warn(
                    "No checkpoint can be read in {}, and the log's first segments are gone; it is read from position {} on, "
                            + "where it says what was in them",
                    folder.place(),
                    Position.text(found));
        } else if (!unreadable.isEmpty() && !segments.present().contains(1L)) {
            throw Site.damaged(
                    folder.place(),
                    unreadable + " cannot be read, and the log that would replace them is no longer there");
        }
        return found;
    }

    private void begin(Tail tail) throws IOException {
        LogFile file = tail.segment() == 0 ? null : folder.open(SegmentNames.segment(tail.segment()));
        Staging newStaging = new Staging(settings, control.epoch(), tail, crew);
        keeper = new Keeper(folder, settings, segments, checkpoints, this::onFreed, this::onBug);
        if (scratch) {
            checkpoints.needNothing();
        }
        keeper.begin(tail);
        writer = new LogWriter(folder, settings, newStaging, keeper, tail, file, new Pace(crew.clockNs()));
        crew.start(writer, keeper);
        staging = newStaging;
    }

    private void onFreed(long segment) {
        readers.forget(segment);
        dropped.remove(segment);
    }

    private void onBug(JournalException cause) {
        writer.stopBecause(cause);
        crew.wake();
    }

    @Override
    public void listen(ProgressListener listener) {
        replayed();
        writer.listen(listener);
        crew.wake();
    }

    @Override
    public long append(Batch batch, Flush flush) {
        return replayed().append(batch, flush);
    }

    @Override
    public void flush() {
        replayed().flush();
    }

    @Override
    public boolean flushHere() {
        return replayed().flushHere();
    }

    @Override
    public byte[] read(long position) throws JournalException {
        requireOpen();
        Staging staged = staging;
        byte[] record = staged == null ? null : staged.read(position);
        if (record != null) {
            return record;
        }
        requireSegment(Position.segment(position));
        return recordReader.read(position, staged == null ? readable() : staged.released());
    }

    @Override
    public Portion scan(long segment, long from, int bytes) throws JournalException {
        if (segment >= currentSegment()) {
            throw new IllegalArgumentException("Segment " + segment + " is still being written");
        }
        requireSegment(segment);
        List<Found> records = new ArrayList<>();
        long length = 0;
        try (LogFile file = folder.open(SegmentNames.segment(segment))) {
            SegmentScanner scanner = new SegmentScanner();
            int offset = from == 0 ? SegmentHeader.LENGTH : Position.offset(from);
            scanner.open(file, segment, offset, (int) Math.min(file.length(), Integer.MAX_VALUE));
            while (scanner.seek()) { // passes over what was damaged before a repair
                if (length >= bytes) {
                    return new Portion(records, Position.of(segment, scanner.offset()));
                }
                if (!scanner.isMark()) {
                    byte[] body = scanner.body(scanner.offset());
                    records.add(new Found(Position.of(segment, scanner.offset()), body));
                    length += body.length;
                }
            }
            return new Portion(records, 0);
        } catch (IOException e) {
            Site site = Site.of(folder, segment);
            throw new JournalException(JournalException.Kind.DAMAGED, "Reading " + site.place() + " failed: " + e, e);
        }
    }

    private void requireSegment(long segment) throws JournalException {
        if (dropped.contains(segment) || !segments.present().contains(segment)) {
            throw Site.damaged(
                    folder.place(), "The file " + Site.of(folder, segment).place() + " was dropped or is gone");
        }
    }

    /** Before the first append: the end of what was found so far. */
    private long readable() {
        if (recovery != null) {
            return recovery.readable();
        }
        return checkpointAtOpen == null ? Position.START : checkpointAtOpen.position();
    }

    @Override
    public void checkpoint(long position, byte[] index) {
        long end = replayed().appended();
        if (position < Position.START || position > end) {
            throw new IllegalArgumentException("A checkpoint at position " + Position.text(position)
                    + " of a log that ends at position " + Position.text(end));
        }
        if (Position.segment(position) > 0) {
            keeper.checkpoint(position, index);
        }
    }

    @Override
    public long segmentOf(long position) {
        return Position.segment(position);
    }

    @Override
    public long currentSegment() {
        return Math.max(1, Position.segment(replayed().appended()));
    }

    @Override
    public void drop(long segment) {
        if (segment < 1 || segment >= currentSegment()) {
            throw new IllegalArgumentException(
                    "Segment " + segment + " cannot be dropped; the current one is " + currentSegment());
        }
        if (segments.present().contains(segment)) {
            dropped.add(segment);
            keeper.drop(segment);
        }
    }

    /**
     * For a log without threads: writes and syncs what was flushed, prepares, stores and frees what is due.
     *
     * @return whether there is more to write at once
     */
    public boolean step() {
        replayed();
        return crew.step();
    }

    private Staging replayed() {
        requireOpen();
        if (staging == null) {
            throw new IllegalStateException("The log was not replayed yet");
        }
        return staging;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The log in " + folder.place() + " is closed");
        }
    }

    @Override
    public void close() throws JournalException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (staging == null) {
                controlFile.write(control.withClosed(closedCleanly));
            } else {
                closeInOrder();
            }
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Kind.FAILED,
                    "The log in " + folder.place() + " is written, but cannot be marked as closed in order: " + e,
                    e);
        } finally {
            readers.close();
            clearScratch();
            unlock(lock, folder);
        }
    }

    private void clearScratch() {
        if (scratch) {
            try {
                clear(folder);
            } catch (IOException e) {
                LOG.warn("Cannot remove what is left in {}; the next start will", folder.place(), e);
            }
        }
    }

    private void closeInOrder() throws JournalException, IOException {
        JournalException before = writer.failure();
        staging.flush();
        crew.finish();
        JournalException failure = writer.failure();
        if (failure == null) {
            controlFile.write(control.closedAt(writer.synced()));
        } else if (before == null) {
            throw failure;
        }
    }

    private static void unlock(Closeable lock, LogFolder folder) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("Cannot give up the lock of {}; it ends with this process", folder.place(), e);
        }
    }
}
