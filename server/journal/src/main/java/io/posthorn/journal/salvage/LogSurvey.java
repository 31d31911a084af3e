package io.posthorn.journal.salvage;

import io.posthorn.journal.Journal.Checkpoint;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import io.posthorn.journal.file.CheckpointStore;
import io.posthorn.journal.file.ControlFile;
import io.posthorn.journal.salvage.Damage.Kind;
import io.posthorn.journal.salvage.SegmentFinding.Gap;
import io.posthorn.journal.segment.Position;
import io.posthorn.journal.segment.SegmentHeader;
import io.posthorn.journal.segment.SegmentNames;
import io.posthorn.journal.segment.SegmentScanner;
import io.posthorn.journal.segment.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Reads all files of a log and judges them, without changing any. A record counts where its checks fit, whatever lies before
 * it: behind damage the next one is looked for at each place where a record may begin. What was durable is told by the marks
 * and the control file, as at a start: bytes behind that which are no record are a torn tail, before it they are damage.
 */
public final class LogSurvey {

    /** Bytes of the shortest segment that anybody may have made. */
    private static final int SHORTEST = 4096;

    private final LogFolder folder;
    private final Predicate<byte[]> tellsAll;
    private final SegmentScanner scanner = new SegmentScanner();
    private final NavigableMap<Long, SegmentFinding> findings = new TreeMap<>();
    private final List<Damage> damages = new ArrayList<>();
    private final List<CheckpointStore.Found> checkpoints = new ArrayList<>();
    private ControlFile.State control;
    private UUID identity;
    private long durable = Position.START;
    private long end = Position.START;

    private LogSurvey(LogFolder folder, Predicate<byte[]> tellsAll) {
        this.folder = folder;
        this.tellsAll = tellsAll;
    }

    /**
     * Looks at a folder.
     *
     * @param tellsAll whether a record says all that the records before it have come to
     * @throws JournalException UNUSABLE, when another release wrote the folder, or it cannot be read at all
     */
    public static LogSurvey of(LogFolder folder, Predicate<byte[]> tellsAll) throws JournalException {
        LogSurvey survey = new LogSurvey(folder, tellsAll);
        try {
            survey.look();
            survey.judge();
            return survey;
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static JournalException unreadable(LogFolder folder, IOException cause) {
        return new JournalException(
                JournalException.Kind.UNUSABLE,
                "The data folder " + folder.place() + " cannot be read: " + cause,
                cause);
    }

    /** All that is wrong, in the order of the log. */
    public List<Damage> damages() {
        return damages;
    }

    /** Which log it is; a new one when no file says so any more, null when there is none. */
    public UUID identity() {
        return identity;
    }

    /** Number of the last owner, as far as it can be told. */
    public int epoch() {
        int highest = control == null ? 0 : control.epoch();
        for (SegmentFinding finding : findings.values()) {
            highest = Math.max(highest, finding.epochHighest);
        }
        return highest;
    }

    /** Whether the last owner closed the log in order. */
    public boolean closedCleanly() {
        return control != null && control.closed();
    }

    /** Where the log ends: behind the last whole batch that a start would take. */
    public long end() {
        return end;
    }

    /** The newest checkpoint that is whole, or null. */
    public Checkpoint checkpoint() {
        return checkpoints.stream()
                .map(CheckpointStore.Found::checkpoint)
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
    }

    /** Numbers of the segments whose files are there. */
    public List<Long> segments() {
        return List.copyOf(findings.keySet());
    }

    /** About how many bytes of records a segment has. */
    public int bytesOf(long segment) {
        return findings.get(segment).end;
    }

    /** Where the newest whole record before the end stands that tells all; 0 when there is none. */
    public long newestTelling() {
        for (SegmentFinding finding : findings.descendingMap().values()) {
            for (int index = finding.telling.size() - 1; index >= 0; index--) {
                long position = Position.of(finding.segment, finding.telling.get(index));
                if (position < end) {
                    return position;
                }
            }
        }
        return 0;
    }

    /** Whether the record that was written at a position is still there. */
    public boolean isWhole(long position) {
        SegmentFinding finding = findings.get(Position.segment(position));
        return finding != null && position < end && finding.isWhole(Position.offset(position));
    }

    /** Where a segment's file is, for people. */
    public String place(long position) {
        return folder.place(SegmentNames.segment(Position.segment(position)));
    }

    /** A record that is whole. */
    public record Whole(long position, byte[] body) {}

    /** Receives batches in order. */
    @FunctionalInterface
    public interface BatchReader {
        /**
         * One batch.
         *
         * @param records those of its records that are whole
         * @param complete whether that is all of them
         */
        void onBatch(List<Whole> records, boolean complete);
    }

    /** Shows all whole records of data from a position to the end of the log, batch by batch. */
    public void read(long from, BatchReader reader) throws JournalException {
        try {
            readAll(from, reader);
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private void readAll(long from, BatchReader reader) throws IOException {
        for (SegmentFinding finding :
                findings.tailMap(Position.segment(from), true).values()) {
            boolean first = finding.segment == Position.segment(from);
            int offset = first ? Math.max(SegmentHeader.LENGTH, Position.offset(from)) : SegmentHeader.LENGTH;
            if (finding.hasRecords() && finding.unreadable == null) {
                try (LogFile file = folder.open(SegmentNames.segment(finding.segment))) {
                    scanner.open(file, finding.segment, offset, limit(finding));
                    read(finding.segment, offset, reader);
                }
            }
        }
    }

    private int limit(SegmentFinding finding) {
        return finding.segment == Position.segment(end) ? Position.offset(end) : finding.end;
    }

    private void read(long segment, int from, BatchReader reader) throws IOException {
        List<Whole> batch = new ArrayList<>();
        boolean complete = true;
        int expected = from;
        while (scanner.seek()) {
            boolean gap = scanner.offset() > expected;
            if (!batch.isEmpty() && (gap || scanner.isFirst())) {
                complete = false;
            }
            if (scanner.isFirst() && !batch.isEmpty()) {
                reader.onBatch(List.copyOf(batch), false);
                batch.clear();
            }
            complete = batch.isEmpty() ? scanner.isFirst() : complete;
            if (!scanner.isMark()) {
                batch.add(new Whole(Position.of(segment, scanner.offset()), scanner.body(scanner.offset())));
            }
            if (scanner.isLast() && !batch.isEmpty()) {
                reader.onBatch(List.copyOf(batch), complete);
                batch.clear();
            }
            expected = scanner.nextOffset();
        }
        if (!batch.isEmpty()) {
            reader.onBatch(List.copyOf(batch), false);
        }
    }

    private void look() throws JournalException, IOException {
        lookAtControlFile();
        List<String> names = folder.names();
        for (String name : names) {
            long number = SegmentNames.segmentNumber(name);
            if (number > 0) {
                findings.put(number, new SegmentFinding(number));
            }
        }
        for (SegmentFinding finding : findings.values()) {
            readHeader(finding);
            if (identity == null && finding.header != null) {
                identity = finding.header.identity();
            }
        }
        if (identity == null && !findings.isEmpty()) {
            identity = UUID.randomUUID(); // no file says; records count by their position alone
        }
        if (identity != null) {
            checkpoints.addAll(new CheckpointStore(folder, identity).find());
        }
        for (SegmentFinding finding : findings.values()) {
            scan(finding);
        }
    }

    private void lookAtControlFile() throws JournalException, IOException {
        String place = folder.place(ControlFile.NAME);
        List<String> names = folder.names();
        if (!names.contains(ControlFile.NAME)) {
            if (names.stream().noneMatch(name -> SegmentNames.segmentNumber(name) > 0)) {
                return; // a log that nobody has begun yet
            }
            damages.add(new Damage(Kind.CONTROL_FILE, place, 0, 0, true, "The file " + place + " is gone"));
            return;
        }
        ControlFile file = new ControlFile(folder);
        try {
            control = file.read();
            identity = control.identity();
        } catch (JournalException e) {
            if (e.kind() != JournalException.Kind.DAMAGED && file.isWhole()) {
                throw e;
            }
            damages.add(new Damage(Kind.CONTROL_FILE, place, 0, 0, true, place + " is not what was written"));
        }
    }

    private void readHeader(SegmentFinding finding) throws JournalException {
        Site site = Site.of(folder, finding.segment);
        try (LogFile file = folder.open(SegmentNames.segment(finding.segment))) {
            finding.header = SegmentHeader.find(file, site);
            finding.capacity = finding.header != null
                    ? finding.header.capacity()
                    : (int) Math.min(Integer.MAX_VALUE - 7, file.length());
        } catch (IOException e) {
            finding.unreadable = e.toString();
        }
    }

    private void scan(SegmentFinding finding) {
        if (finding.unreadable != null) {
            return;
        }
        try (LogFile file = folder.open(SegmentNames.segment(finding.segment))) {
            scanner.open(file, finding.segment, SegmentHeader.LENGTH, finding.capacity);
            while (scanner.seek()) {
                int offset = scanner.offset();
                if (offset > finding.end) {
                    finding.gaps.add(new Gap(finding.end, offset));
                }
                note(finding, offset);
                finding.end = scanner.nextOffset();
            }
            scanner.open(file, finding.segment, finding.end, finding.capacity);
            finding.length = file.length();
            boolean cut = finding.header == null && finding.length < SHORTEST || finding.length < finding.capacity;
            finding.blank = !cut && scanner.survey(finding.end).bytesEnd() == SegmentHeader.LENGTH;
        } catch (IOException e) {
            finding.unreadable = e.toString();
        }
    }

    private void note(SegmentFinding finding, int offset) {
        finding.epochHighest = Math.max(finding.epochHighest, scanner.epoch());
        if (scanner.isMark()) {
            finding.markHighest = Math.max(finding.markHighest, scanner.marked());
            finding.firstMark = offset == SegmentHeader.LENGTH ? scanner.marked() : finding.firstMark;
        } else if (tellsAll.test(scanner.body(offset))) {
            finding.telling.add(offset);
        }
    }

    private void judge() throws IOException {
        durable = control == null ? Position.START : control.synced();
        for (SegmentFinding finding : findings.values()) {
            durable = Math.max(durable, finding.markHighest);
        }
        long last = Position.segment(durable);
        for (SegmentFinding finding : findings.values()) {
            last = finding.hasRecords() ? Math.max(last, finding.segment) : last;
        }
        judgeCheckpoints();
        Checkpoint start = checkpoint();
        long startsAt = start == null ? Position.START : start.position();
        long first = firstNeeded(startsAt, last);
        for (long segment = first; segment <= last; segment++) {
            judge(segment, last, startsAt);
        }
        for (long segment : findings.headMap(first, false).keySet()) {
            judge(segment, last, startsAt);
        }
        for (long behind = last + 1; !findings.isEmpty() && behind <= findings.lastKey(); behind++) {
            judge(behind, behind, startsAt);
        }
        judgeOwners();
        end = findEnd(last);
        damages.sort((one, other) -> Long.compareUnsigned(one.from(), other.from()));
    }

    /** All segments from this one on must be there: the checkpoint's, or else the first behind the last that is gone. */
    private long firstNeeded(long startsAt, long last) {
        if (Position.segment(startsAt) > 0) {
            return Position.segment(startsAt);
        }
        long first = Math.max(1, last);
        while (findings.containsKey(first - 1)) {
            first--;
        }
        return first;
    }

    private void judgeCheckpoints() {
        for (CheckpointStore.Found found : checkpoints) {
            if (found.checkpoint() == null) {
                String place = folder.place(found.name());
                damages.add(new Damage(Kind.CHECKPOINT, place, 0, 0, true, place + " is not what was written"));
            }
        }
        boolean anyWhole = checkpoint() != null;
        if (!anyWhole && !findings.isEmpty() && findings.firstKey() > 1) {
            String text = "No checkpoint can be read in " + folder.place() + ", and the first segments are gone";
            damages.add(new Damage(Kind.CHECKPOINT, folder.place(), 0, 0, true, text));
        }
    }

    private void judge(long segment, long last, long startsAt) {
        String place = folder.place(SegmentNames.segment(segment));
        long from = Position.of(segment, 0);
        long to = Position.of(segment + 1, 0);
        boolean needed = segment >= Position.segment(startsAt);
        SegmentFinding finding = findings.get(segment);
        if (finding == null) {
            damages.add(new Damage(Kind.SEGMENT_GONE, place, from, to, needed, "The file " + place + " is gone"));
            return;
        }
        if (judgeHeader(finding, needed)) {
            judgeRecords(finding, expectedEnd(finding, last), startsAt);
        }
    }

    /** False if nothing of the file can be read. */
    private boolean judgeHeader(SegmentFinding finding, boolean needed) {
        String place = folder.place(SegmentNames.segment(finding.segment));
        long from = Position.of(finding.segment, 0);
        if (finding.unreadable != null) {
            String text = place + " cannot be read: " + finding.unreadable;
            long to = Position.of(finding.segment + 1, 0);
            damages.add(new Damage(Kind.UNREADABLE, place, from, to, needed, text));
            return false;
        }
        if (finding.length < finding.capacity) {
            long cut = Position.of(finding.segment, (int) Math.min(finding.length, finding.end));
            String text = place + " is damaged at offset " + finding.length + ": the file ends there, and was made "
                    + finding.capacity + " bytes long";
            damages.add(new Damage(Kind.RECORDS, place, cut, Position.of(finding.segment + 1, 0), needed, text));
        }
        if (!finding.isOf(identity)) {
            String text = place + " is damaged at offset 0: the header is not what was written";
            long to = finding.hasRecords() || finding.blank ? from : Position.of(finding.segment + 1, 0);
            damages.add(new Damage(Kind.SEGMENT_HEADER, place, from, to, needed, text));
        }
        return true;
    }

    private int expectedEnd(SegmentFinding finding, long last) {
        if (finding.segment == last) {
            return Position.segment(durable) == last ? Position.offset(durable) : SegmentHeader.LENGTH;
        }
        SegmentFinding next = findings.get(finding.segment + 1);
        boolean told = next != null && next.firstMark > 0 && Position.segment(next.firstMark) == finding.segment;
        return told ? Position.offset(next.firstMark) : finding.end;
    }

    private void judgeRecords(SegmentFinding finding, int expectedEnd, long startsAt) {
        List<Gap> gaps = new ArrayList<>(finding.gaps);
        if (finding.end < expectedEnd) {
            gaps.add(new Gap(finding.end, expectedEnd));
        }
        String place = folder.place(SegmentNames.segment(finding.segment));
        for (Gap gap : gaps) {
            if (gap.from() < expectedEnd) {
                long from = Position.of(finding.segment, gap.from());
                long to = Position.of(finding.segment, gap.to());
                String text = place + " is damaged at offset " + gap.from() + " (position " + Position.text(from)
                        + "): " + (gap.to() - gap.from()) + " bytes are not what was written";
                damages.add(new Damage(Kind.RECORDS, place, from, to, to > startsAt, text));
            }
        }
    }

    private void judgeOwners() {
        if (control != null && epoch() > control.epoch()) {
            String place = folder.place(ControlFile.NAME);
            String text = place + " knows no owner after " + control.epoch() + ", and the log has records of owner "
                    + epoch() + ": the files are not of the same time";
            damages.add(new Damage(Kind.CONTROL_FILE, place, 0, 0, true, text));
        }
    }

    /** Behind the last batch before the first place, in what need not be durable, where no record is. */
    private long findEnd(long last) throws IOException {
        SegmentFinding finding = findings.get(last);
        if (finding == null || finding.unreadable != null) {
            return last == 0 ? Position.START : Position.of(last, SegmentHeader.LENGTH);
        }
        int durableOffset = Position.segment(durable) == last ? Position.offset(durable) : SegmentHeader.LENGTH;
        int found = SegmentHeader.LENGTH;
        int expected = SegmentHeader.LENGTH;
        try (LogFile file = folder.open(SegmentNames.segment(last))) {
            scanner.open(file, last, SegmentHeader.LENGTH, finding.capacity);
            while (scanner.seek() && (scanner.offset() == expected || expected < durableOffset)) {
                expected = scanner.nextOffset();
                found = scanner.isLast() ? expected : found;
            }
        }
        return Position.of(last, Math.max(found, Math.min(durableOffset, finding.capacity)));
    }

    LogFolder folder() {
        return folder;
    }

    List<CheckpointStore.Found> checkpoints() {
        return checkpoints;
    }

    boolean hasControlFile() throws IOException {
        return folder.names().contains(ControlFile.NAME);
    }

    /** The highest number of a segment that anything speaks of. */
    long highestSegment() {
        long highest = Math.max(Position.segment(durable), Position.segment(end));
        for (CheckpointStore.Found found : checkpoints) {
            if (found.checkpoint() != null) {
                highest = Math.max(highest, Position.segment(found.checkpoint().position()));
            }
        }
        return findings.isEmpty() ? highest : Math.max(highest, findings.lastKey());
    }
}
