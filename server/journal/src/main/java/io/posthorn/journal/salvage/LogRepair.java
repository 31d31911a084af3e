package io.posthorn.journal.salvage;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import io.posthorn.journal.file.CheckpointStore;
import io.posthorn.journal.file.ControlFile;
import io.posthorn.journal.segment.Frame;
import io.posthorn.journal.segment.Position;
import io.posthorn.journal.segment.SegmentHeader;
import io.posthorn.journal.segment.SegmentNames;
import io.posthorn.journal.segment.SegmentStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * Lets a damaged log go on. Nothing in its segments is changed: a new segment behind all others begins with one record that
 * tells all that could be salvaged, and the next owner begins with that. What is whole in the old segments is read from there
 * as before. Before that, files that a later owner would change or remove are copied, or renamed. It may be broken off at any
 * time and begun anew.
 */
public final class LogRepair {

    private static final int COPY_PIECE = 1 << 20;

    private final LogFolder folder;
    private final LogSurvey survey;
    private final String suffix;
    private final List<String> aside = new ArrayList<>();

    /** @param suffix what the names of files that are put aside end with */
    public LogRepair(LogSurvey survey, String suffix) {
        this.folder = survey.folder();
        this.survey = survey;
        this.suffix = suffix;
    }

    /** The files that were put aside, for people. */
    public List<String> aside() {
        return aside;
    }

    /**
     * Goes on with a log.
     *
     * @param telling the record that says all
     * @param index makes the checkpoint's index from the position of that record
     * @param segmentBytes length of the new segment's file, if that is enough
     */
    public void goOn(byte[] telling, LongFunction<byte[]> index, int segmentBytes) throws JournalException {
        carryOut(() -> begin(telling, index, segmentBytes));
    }

    private interface Work {
        void run() throws IOException;
    }

    private void carryOut(Work work) throws JournalException {
        try {
            work.run();
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Kind.UNUSABLE,
                    "The repair of " + folder.place() + " was broken off: " + e
                            + ". Nothing is lost by that; make room or rights, and run it again.",
                    e);
        }
    }

    private void begin(byte[] telling, LongFunction<byte[]> index, int segmentBytes) throws IOException {
        copyDamaged();
        int epoch = Math.addExact(survey.epoch(), 1);
        long segment = survey.highestSegment() + 1;
        int length = Math.toIntExact(Frame.MARK_LENGTH + Frame.length(telling.length));
        int capacity = Math.max(segmentBytes & ~7, SegmentHeader.LENGTH + length);
        SegmentStore segments = new SegmentStore(folder, survey.identity(), capacity, 0);
        Frame frame = new Frame(epoch);
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int at = frame.putMark(bytes, 0, Position.of(segment, SegmentHeader.LENGTH), survey.end());
        long position = Position.of(segment, SegmentHeader.LENGTH + at);
        frame.put(bytes, at, position, Frame.FIRST | Frame.LAST, telling, 0, telling.length);
        try (LogFile file = segments.make(segment, capacity)) {
            file.write(bytes, SegmentHeader.LENGTH);
            file.sync();
        }
        long end = Position.of(segment, SegmentHeader.LENGTH + length);
        CheckpointStore checkpoints = new CheckpointStore(folder, survey.identity());
        checkpoints.load(new ArrayList<>()); // so that the new ones are numbered behind the old
        putCheckpointsAside();
        checkpoints.store(end, index.apply(position), () -> {});
        checkpoints.store(end, index.apply(position), () -> {}); // so that none of the old ones is gone back to
        replaceControlFile(new ControlFile.State(survey.identity(), epoch, true, end));
    }

    /** There is nothing to go on with: puts aside what would keep a new log from being begun. */
    public void beginAnew() throws JournalException {
        carryOut(this::putAllAside);
    }

    private void putAllAside() throws IOException {
        copyDamaged();
        putCheckpointsAside();
        for (long segment : survey.segments()) {
            rename(SegmentNames.segment(segment));
        }
        if (survey.hasControlFile()) {
            rename(ControlFile.NAME);
        }
        folder.sync();
    }

    private void copyDamaged() throws IOException {
        TreeSet<Long> damaged = new TreeSet<>();
        for (Damage damage : survey.damages()) {
            long segment = Position.segment(damage.from());
            if (survey.segments().contains(segment) && damage.kind() != Damage.Kind.UNREADABLE) {
                damaged.add(segment);
            }
        }
        for (long segment : damaged) {
            copy(SegmentNames.segment(segment));
        }
        folder.sync();
    }

    private void putCheckpointsAside() throws IOException {
        for (CheckpointStore.Found found : survey.checkpoints()) {
            rename(found.name());
        }
    }

    private void replaceControlFile(ControlFile.State state) throws IOException {
        if (survey.hasControlFile()) {
            copy(ControlFile.NAME);
        }
        new ControlFile(folder).write(state);
    }

    private void rename(String name) throws IOException {
        folder.rename(name, name + suffix);
        aside.add(folder.place(name + suffix));
    }

    private void copy(String name) throws IOException {
        try (LogFile source = folder.open(name);
                LogFile target = folder.create(name + suffix)) {
            ByteBuffer piece = ByteBuffer.allocate(COPY_PIECE);
            long at = 0;
            for (int count = source.read(piece, at); count > 0; count = source.read(piece.clear(), at)) {
                target.write(piece.flip(), at);
                at += count;
            }
            target.sync();
        }
        aside.add(folder.place(name + suffix));
    }
}
