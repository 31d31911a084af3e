package io.posthorn.journal.salvage;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.segment.Position;
import io.posthorn.journal.segment.RecordReader;
import io.posthorn.journal.segment.SegmentReaders;
import java.util.UUID;

/** A log that was surveyed, to be read by position. It has the epoch that the next owner will have, and takes nothing. */
public final class SurveyedLog implements Journal {

    private static final int OPEN_SEGMENTS = 16;
    private static final int READ_AHEAD_BYTES = 256 << 10;

    private final LogSurvey survey;
    private final SegmentReaders readers;
    private final RecordReader reader;

    public SurveyedLog(LogSurvey survey) {
        this.survey = survey;
        readers = new SegmentReaders(survey.folder(), OPEN_SEGMENTS);
        reader = new RecordReader(survey.folder(), readers, READ_AHEAD_BYTES);
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
    public void close() {
        readers.close();
    }
}
