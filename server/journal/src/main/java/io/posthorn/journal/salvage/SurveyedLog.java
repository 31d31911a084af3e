package io.posthorn.journal.salvage;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.LogFolder;
import io.posthorn.journal.segment.Position;
import io.posthorn.journal.segment.RecordReader;
import io.posthorn.journal.segment.SegmentReaders;
import java.io.Closeable;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A log that was surveyed, to be read by position. It has the epoch that the next owner will have, and takes nothing. Its
 * folder is locked until it is closed.
 */
public final class SurveyedLog implements Journal {

    private static final int OPEN_SEGMENTS = 16;
    private static final int READ_AHEAD_BYTES = 256 << 10;

    private final LogSurvey survey;
    private final Closeable lock;
    private final SegmentReaders readers;
    private final RecordReader reader;

    private SurveyedLog(LogSurvey survey, Closeable lock) {
        this.survey = survey;
        this.lock = lock;
        readers = new SegmentReaders(survey.folder(), OPEN_SEGMENTS);
        reader = new RecordReader(survey.folder(), readers, READ_AHEAD_BYTES);
    }

    /**
     * Locks a folder and surveys it.
     *
     * @throws JournalException LOCKED, naming the holder; otherwise as for {@link LogSurvey#of}
     */
    public static SurveyedLog open(LogFolder folder, Predicate<byte[]> tellsAll) throws JournalException {
        Closeable lock = folder.lock();
        SurveyedLog opened = null;
        try {
            opened = new SurveyedLog(LogSurvey.of(folder, tellsAll), lock);
            return opened;
        } finally {
            if (opened == null) {
                unlock(folder, lock);
            }
        }
    }

    public LogSurvey survey() {
        return survey;
    }

    @Override
    public UUID identity() {
        return survey.identity();
    }

    @Override
    public long epoch() {
        return survey.epoch() + 1L;
    }

    @Override
    public boolean closedCleanly() {
        return survey.closedCleanly();
    }

    @Override
    public Checkpoint latestCheckpoint() {
        return survey.checkpoint();
    }

    @Override
    public byte[] read(long position) throws JournalException {
        return reader.read(position, survey.end());
    }

    @Override
    public Portion scan(long segment, long from, int bytes) {
        throw onlyToBeRead();
    }

    @Override
    public long segmentOf(long position) {
        return Position.segment(position);
    }

    @Override
    public long currentSegment() {
        return survey.highestSegment() + 1;
    }

    @Override
    public void replay(BatchVisitor visitor) {
        throw onlyToBeRead();
    }

    @Override
    public void listen(ProgressListener listener) {
        throw onlyToBeRead();
    }

    @Override
    public long append(Batch batch, Flush flush) {
        throw onlyToBeRead();
    }

    @Override
    public void flush() {
        throw onlyToBeRead();
    }

    @Override
    public void checkpoint(long position, byte[] index) {
        throw onlyToBeRead();
    }

    @Override
    public void drop(long segment) {
        throw onlyToBeRead();
    }

    private static IllegalStateException onlyToBeRead() {
        return new IllegalStateException("A surveyed log is only to be read by position");
    }

    @Override
    public void close() throws JournalException {
        readers.close();
        unlock(survey.folder(), lock);
    }

    private static void unlock(LogFolder folder, Closeable lock) throws JournalException {
        try {
            lock.close();
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Kind.UNUSABLE, "The lock of " + folder.place() + " cannot be given up: " + e, e);
        }
    }
}
