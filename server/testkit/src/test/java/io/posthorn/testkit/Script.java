package io.posthorn.testkit;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.file.FileJournal;
import io.posthorn.journal.file.FileJournalSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A log in files on a simulated disk, driven by hand, and what it said. */
final class Script implements Journal.BatchVisitor, Journal.ProgressListener {

    static final int SEGMENT_BYTES = 4096;
    static final FileJournalSettings SETTINGS =
            FileJournalSettings.defaults().withSegmentBytes(SEGMENT_BYTES).withLazySync(Duration.ofMillis(50), 1 << 20);

    static final String TELLS_ALL = "all:";

    final SimulatedDisk disk;
    final FileJournal journal;
    final List<List<String>> replayed = new ArrayList<>();
    final List<Long> replayedPositions = new ArrayList<>();
    final List<Long> replayedEnds = new ArrayList<>();
    final List<String> said = new ArrayList<>();
    private final Batch batch = new Batch();
    private List<String> open = new ArrayList<>();
    long written;
    long synced;
    long nowNs;
    JournalException failure;

    private Script(SimulatedDisk disk, FileJournalSettings settings) throws JournalException {
        this.disk = disk;
        journal = FileJournal.openStepped(disk, settings, () -> nowNs, new UUID(7, 7));
    }

    /** Opens, replays and listens. */
    static Script on(SimulatedDisk disk) throws JournalException {
        return on(disk, SETTINGS);
    }

    static Script on(SimulatedDisk disk, FileJournalSettings settings) throws JournalException {
        Script script = new Script(disk, settings);
        try {
            script.journal.replay(script);
        } catch (JournalException e) {
            script.journal.close();
            throw e;
        }
        script.journal.listen(script);
        return script;
    }

    long append(Flush flush, String... records) {
        batch.clear();
        for (String record : records) {
            batch.add(record.getBytes(StandardCharsets.UTF_8));
        }
        return journal.append(batch, flush);
    }

    long position(int index) {
        return batch.position(index);
    }

    String read(long position) throws JournalException {
        return new String(journal.read(position), StandardCharsets.UTF_8);
    }

    /** Appends, writes, and syncs if it is so wanted. */
    long put(Flush flush, String... records) {
        long end = append(flush, records);
        journal.flush();
        settle();
        return end;
    }

    /** Steps until nothing is left to do at this time. */
    void settle() {
        int idle = 0;
        while (idle < 3) { // the keeper may have made something possible in the last step
            idle = journal.step() ? 0 : idle + 1;
        }
    }

    void pass(Duration time) {
        nowNs += time.toNanos();
        settle();
    }

    /** A record that begins so stands for all that the log held before. */
    @Override
    public boolean tellsAll(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).startsWith(TELLS_ALL);
    }

    @Override
    public void onRecord(long position, byte[] bytes) {
        open.add(new String(bytes, StandardCharsets.UTF_8));
        replayedPositions.add(position);
    }

    @Override
    public void onBatchEnd(long end) {
        replayed.add(open);
        replayedEnds.add(end);
        open = new ArrayList<>();
    }

    @Override
    public void onProgress(long nowWritten, long nowSynced) {
        said.add("progress");
        written = nowWritten;
        synced = nowSynced;
    }

    @Override
    public void onFailure(JournalException cause) {
        said.add("failure");
        failure = cause;
    }
}
