package io.posthorn.broker;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.file.FileJournal;
import io.posthorn.testkit.MemoryJournal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Drives a broker on the test's thread: owns the clock, the log and the reading of contents. By default all that can happen
 * after a turn happens at once ({@link #settle}); with {@link #byHand} the test decides what is written, synced and read.
 */
final class BrokerHarness implements Host {

    static final long START_MS = 1_000_000;

    /** What the messages of all open transactions may take. */
    private static final long STAGED_BYTES_MAX = 64L << 20;

    final Map<String, DestinationSettings> destinationSettings = new HashMap<>();
    final List<TestClient> clients = new ArrayList<>();

    /** Positions whose contents cannot be read. */
    final Set<Long> unreadable = new HashSet<>();

    /** No content can be read. */
    boolean diskFails;

    BrokerSettings settings;
    MemoryJournal journal;
    /** The log when it is in files; {@link #journal} is null then. */
    FileJournal files;

    Logs logs;
    Broker broker;
    long nowMs = START_MS;
    long fetches;
    private final ArrayDeque<Long> wanted = new ArrayDeque<>();
    private final ArrayDeque<long[]> scans = new ArrayDeque<>();
    private boolean byHand;
    private boolean mayWrite;
    private boolean inTurn;
    private long written;
    private long synced;

    /** Until when the first sender that was to be held is. */
    private BooleanSupplier heldUntil;

    /** Whose sockets were written to. */
    final List<TestClient> flushed = new ArrayList<>();

    BrokerHarness() {
        this(1 << 20, 64L << 20, 64L << 20);
    }

    BrokerHarness(int segmentBytes, long contentBytesMax, long checkpointBytes) {
        this(segmentBytes, contentBytesMax, checkpointBytes, 64L << 20, BrokerSettings.BLOCK_ENTRIES, 1L << 40);
    }

    BrokerHarness(
            int segmentBytes,
            long contentBytesMax,
            long checkpointBytes,
            long indexBytesMax,
            int blockEntries,
            long compactionSlackBytes) {
        this(
                segmentBytes,
                contentBytesMax,
                checkpointBytes,
                indexBytesMax,
                blockEntries,
                compactionSlackBytes,
                STAGED_BYTES_MAX);
    }

    private BrokerHarness(
            int segmentBytes,
            long contentBytesMax,
            long checkpointBytes,
            long indexBytesMax,
            int blockEntries,
            long compactionSlackBytes,
            long stagedBytesMax) {
        settings = new BrokerSettings(
                1 << 20,
                30_000,
                contentBytesMax,
                indexBytesMax,
                stagedBytesMax,
                blockEntries,
                checkpointBytes,
                compactionSlackBytes,
                300_000,
                name -> destinationSettings.getOrDefault(name, DestinationSettings.DEFAULTS));
        journal = MemoryJournal.stepped(segmentBytes);
        start();
    }

    /** One in which the messages of all open transactions may take so much. */
    static BrokerHarness withStagedBytes(long stagedBytesMax) {
        return new BrokerHarness(
                1 << 20, 64L << 20, 64L << 20, 64L << 20, BrokerSettings.BLOCK_ENTRIES, 1L << 40, stagedBytesMax);
    }

    /** On a log in files; throws what a server would say when it starts. */
    BrokerHarness(FileJournal files, long indexBytesMax, int blockEntries) throws JournalException {
        this(files, indexBytesMax, blockEntries, 1L << 40);
    }

    BrokerHarness(FileJournal files, long indexBytesMax, int blockEntries, long compactionSlackBytes)
            throws JournalException {
        settings = new BrokerSettings(
                1 << 20,
                30_000,
                0,
                indexBytesMax,
                STAGED_BYTES_MAX,
                blockEntries,
                64L << 20,
                compactionSlackBytes,
                300_000,
                name -> destinationSettings.getOrDefault(name, DestinationSettings.DEFAULTS));
        this.files = files;
        begin(files);
    }

    /** The settings of now, but for these, for the next run. */
    BrokerSettings withBlocks(long indexBytesMax, int blockEntries) {
        return new BrokerSettings(
                settings.messageLengthMax(),
                settings.resumeWindowMs(),
                settings.contentBytesMax(),
                indexBytesMax,
                settings.stagedBytesMax(),
                blockEntries,
                settings.checkpointBytes(),
                settings.compactionSlackBytes(),
                settings.xaTimeoutMs(),
                settings.destinations());
    }

    /** Nothing is written, synced or read until the test says so. */
    BrokerHarness byHand() {
        byHand = true;
        return this;
    }

    BrokerHarness automatic() {
        byHand = false;
        settle();
        return this;
    }

    TestClient client() {
        return client(null);
    }

    TestClient client(String clientId) {
        TestClient client = new TestClient(this, new UUID(7, clients.size() + 1), clientId);
        clients.add(client);
        return client;
    }

    /** A client that is connected and has session 1. */
    TestClient connected() {
        return connected(null);
    }

    TestClient connected(String clientId) {
        TestClient client = client(clientId);
        client.connect();
        client.openSession(1);
        return client;
    }

    /** One turn of the broker, and unless all is by hand whatever follows from it. Within another one, a part of that. */
    void turn(Runnable work) {
        if (inTurn) {
            work.run();
            return;
        }
        inTurn = true;
        broker.advance(nowMs);
        work.run();
        broker.endTurn(mayWrite);
        inTurn = false;
        if (!byHand) {
            settle();
        }
    }

    /** From now on the driver has nothing else to do at the end of a turn than to write the log. */
    BrokerHarness writingItself() {
        mayWrite = true;
        return this;
    }

    @Override
    public void takeProgress() {
        broker.onProgress(written, synced);
    }

    /** Writes, syncs and reads until nothing is left to do. */
    void settle() {
        boolean more = true;
        while (more) {
            more = writeOnce() | syncOnce() | readAll() | scanAll();
        }
    }

    void write() {
        writeOnce();
    }

    void sync() {
        writeOnce();
        syncOnce();
    }

    private boolean writeOnce() {
        long before = written;
        long syncedBefore = synced;
        runWrite();
        return tellProgress(before != written || syncedBefore != synced);
    }

    private void runWrite() {
        if (files == null) {
            journal.runWrite();
            return;
        }
        for (int idle = 0; idle < 3; ) { // the keeper may have made something possible in the last step
            idle = files.step() ? 0 : idle + 1;
        }
    }

    private boolean syncOnce() {
        long before = synced;
        if (files == null) {
            journal.runSync();
        }
        return tellProgress(before != synced);
    }

    private boolean tellProgress(boolean moved) {
        if (moved && inTurn) {
            takeProgress();
        } else if (moved) {
            broker.advance(nowMs);
            takeProgress();
            broker.endTurn();
        }
        return moved;
    }

    private boolean readAll() {
        boolean any = false;
        while (readOne()) {
            any = true;
        }
        return any;
    }

    /** Answers the oldest request for a content. */
    boolean readOne() {
        Long position = wanted.poll();
        return position != null && answer(position);
    }

    /** Answers the newest request for a content first. */
    boolean readLast() {
        Long position = wanted.pollLast();
        return position != null && answer(position);
    }

    private boolean answer(long position) {
        broker.advance(nowMs);
        try {
            if (diskFails || unreadable.contains(position)) {
                broker.onContentFailed(position, "a bad sector");
            } else {
                broker.onContent(position, logs.read(position));
            }
        } catch (JournalException failure) {
            broker.onContentFailed(position, failure.getMessage());
        }
        broker.endTurn();
        return true;
    }

    private boolean scanAll() {
        boolean any = !scans.isEmpty();
        while (!scans.isEmpty()) {
            long[] wantedScan = scans.poll();
            broker.advance(nowMs);
            try {
                broker.onScanned(wantedScan[0], logs.scan(wantedScan[0], wantedScan[1], SCAN_BYTES));
            } catch (JournalException failure) {
                broker.onScanFailed(wantedScan[0], failure.getMessage());
            }
            broker.endTurn();
        }
        return any;
    }

    int fetchesWaiting() {
        return wanted.size();
    }

    long newestFetch() {
        return wanted.peekLast();
    }

    void sleep(long ms) {
        nowMs += ms;
        turn(() -> {});
    }

    /** The power goes: what was not synced is lost, all of it. */
    void crash() {
        crash(journal.crash(nothingMore()));
    }

    /** As {@link #crash()}, but so many of the batches that were flushed and not synced survive. */
    void crashKeeping(int batches) {
        crash(journal.crash(atMost(batches)));
    }

    /** The process ends: what was written survives. */
    void kill() {
        crash(journal.kill(nothingMore()));
    }

    void crash(MemoryJournal next) {
        journal = next;
        wanted.clear();
        scans.clear();
        clients.forEach(TestClient::loseSocket);
        start();
    }

    /** Stops in order, with a checkpoint, and starts again. */
    void restart() {
        turn(() -> broker.checkpoint());
        restartWithoutCheckpoint();
    }

    void restartWithoutCheckpoint() {
        journal.close();
        crash(journal.reopen());
    }

    private void start() {
        try {
            begin(journal);
        } catch (JournalException failure) {
            throw new AssertionError(failure);
        }
    }

    private void begin(Journal log) throws JournalException {
        written = 0;
        synced = 0;
        logs = new Logs(log, MemoryJournal.scratch(4096));
        broker = new Broker(settings, logs, this);
        broker.recover(nowMs);
        log.listen(new Journal.ProgressListener() {
            @Override
            public void onProgress(long newWritten, long newSynced) {
                written = newWritten;
                synced = newSynced;
            }

            @Override
            public void onFailure(JournalException failure) {
                throw new AssertionError(failure);
            }
        });
        turn(() -> {});
    }

    @Override
    public void fetch(long position) {
        fetches++;
        wanted.add(position);
    }

    @Override
    public void hold(BooleanSupplier over) {
        if (heldUntil == null) {
            heldUntil = over;
        }
    }

    boolean wasHeld() {
        return heldUntil != null;
    }

    boolean isHeld() {
        return heldUntil != null && !heldUntil.getAsBoolean();
    }

    @Override
    public void scan(long segment, long from) {
        scans.add(new long[] {segment, from});
    }

    static Random nothingMore() {
        return atMost(0);
    }

    static Random atMost(int count) {
        return new Random(0) {
            private static final long serialVersionUID = 1L;

            @Override
            public int nextInt(int bound) {
                return Math.min(count, bound - 1);
            }
        };
    }
}
