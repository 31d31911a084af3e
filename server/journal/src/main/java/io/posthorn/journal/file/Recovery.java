package io.posthorn.journal.file;

import io.posthorn.journal.Journal.BatchVisitor;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import io.posthorn.journal.segment.Frame;
import io.posthorn.journal.segment.Position;
import io.posthorn.journal.segment.SegmentHeader;
import io.posthorn.journal.segment.SegmentNames;
import io.posthorn.journal.segment.SegmentScanner;
import io.posthorn.journal.segment.SegmentScanner.Remains;
import io.posthorn.journal.segment.SegmentStore;
import io.posthorn.journal.segment.Site;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.NavigableSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log from a position to its end, and makes that end fit to go on from.
 *
 * <p>The end is the first place where no whole batch lies and from where the next segment, if there is one, does not
 * go
 * on. Then it is asked whether anything speaks of durable bytes behind that place: a mark anywhere behind it, or the
 * control file. If so, something that was durable is gone: damage, and nothing is changed. If not, what lies there
 * was
 * never confirmed: a torn tail. It is cut, that is, overwritten with zeros, so that it can never be taken for
 * something
 * new. And since a kernel that failed to sync may show bytes that never reached the disk, the bytes between the last
 * mark
 * and the end are written once more before they are synced and relied on.
 *
 * <p>Used once, by the opener's thread.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int SLICE = 1 << 20;

    private final LogFolder folder;
    private final SegmentStore segments;
    private final ControlFile.State control;
    private final boolean closedCleanly;
    private final SegmentScanner scanner = new SegmentScanner();

    private SegmentHeader header;
    private int epoch;
    private int badOffset;
    private int end;
    private long markHighest;
    private int[] batch = new int[16];
    private int batchSize;
    private long batchCount;
    private long readable = Position.START;

    /** What is known before the log is read: the state of this opening, and whether the last owner closed in order. */
    Recovery(LogFolder folder, SegmentStore segments, ControlFile.State control, boolean closedCleanly) {
        this.folder = folder;
        this.segments = segments;
        this.control = control;
        this.closedCleanly = closedCleanly;
        markHighest = control.synced();
    }

    /** Number of batches that were visited. */
    long batchCount() {
        return batchCount;
    }

    /** The end of the last batch that was visited. For the visitor. */
    long readable() {
        return readable;
    }

    /**
     * Where a log without a checkpoint begins: 0 when no segment is gone, or none is known to have been needed; otherwise the
     * first batch behind the gap that tells all, if there is one.
     */
    long findBeginning(BatchVisitor visitor) throws JournalException, IOException {
        NavigableSet<Long> present = segments.present();
        long first = present.isEmpty() ? 1 : present.last();
        while (present.contains(first - 1)) {
            first--;
        }
        for (long segment = first; first > 1 && present.contains(segment); segment++) {
            long found = findBeginning(segment, visitor);
            if (found > 0) {
                return found;
            }
        }
        return 0;
    }

    private long findBeginning(long segment, BatchVisitor visitor) throws JournalException, IOException {
        try (LogFile file = folder.open(SegmentNames.segment(segment))) {
            SegmentHeader found = SegmentHeader.read(file, Site.of(folder, segment), control.identity());
            scanner.open(file, segment, SegmentHeader.LENGTH, found.capacity());
            int batchStart = SegmentHeader.LENGTH;
            int offset = SegmentHeader.LENGTH;
            while (scanner.next(offset)) {
                offset = scanner.offset();
                batchStart = scanner.isFirst() ? offset : batchStart;
                if (!scanner.isMark() && visitor.tellsAll(scanner.body(offset))) {
                    return Position.of(segment, batchStart);
                }
                offset = scanner.nextOffset();
            }
            return 0;
        }
    }

    /** Visits every batch from {@code start}, 0 for the first segment; returns where the log ends. */
    Tail run(long start, BatchVisitor visitor) throws JournalException, IOException {
        NavigableSet<Long> present = segments.present();
        if (present.isEmpty()) {
            if (markHighest > Position.START || start > 0) {
                throw Site.damaged(folder.place(), "All segment files are gone from " + folder.place());
            }
            return Tail.none();
        }
        long first = start > 0 ? Position.segment(start) : 1;
        requireAll(first, present.last());
        int offset = start > 0 ? Position.offset(start) : SegmentHeader.LENGTH;
        long segment = first;
        while (true) {
            scan(segment, offset, visitor);
            if (segment == present.last() || !continues(segment + 1, Position.of(segment, end))) {
                break;
            }
            segment++;
            offset = SegmentHeader.LENGTH;
        }
        return finish(segment);
    }

    private void requireAll(long first, long last) throws JournalException {
        for (long segment = Math.min(first, last); segment <= Math.max(first, last); segment++) {
            if (!segments.present().contains(segment)) {
                Site site = Site.of(folder, segment);
                throw Site.damaged(site.folder(), "The file " + site.place() + " is gone");
            }
        }
    }

    /** Visits the batches of one segment from an offset; leaves in {@code end} where they end. */
    private void scan(long segment, int offset, BatchVisitor visitor) throws JournalException, IOException {
        Site site = Site.of(folder, segment);
        try (LogFile file = folder.open(SegmentNames.segment(segment))) {
            header = SegmentHeader.read(file, site, control.identity());
            readable = Position.of(segment, offset);
            requireLength(file, site, header);
            scanner.open(file, segment, offset, header.capacity());
            end = offset;
            batchSize = 0;
            while (scanner.next(end) && fits(site)) {
                if (scanner.isMark()) {
                    markHighest = Math.max(markHighest, scanner.marked());
                } else {
                    add(scanner.offset());
                }
                if (scanner.isLast()) {
                    visit(segment, visitor);
                    end = scanner.nextOffset();
                }
            }
            badOffset = scanner.offset();
        }
    }

    /** A file has its whole length before it has its name, so that no crash leaves a shorter one. */
    private static void requireLength(LogFile file, Site site, SegmentHeader of) throws JournalException, IOException {
        if (file.length() < of.capacity()) {
            throw site.damaged(file.length(), "the file ends there, and was made " + of.capacity() + " bytes long");
        }
    }

    /** Whether the record is of the owner of the batch or, at its start, of one not older than the last. */
    private boolean fits(Site site) throws JournalException {
        int owner = scanner.epoch();
        if (owner >= control.epoch()) {
            throw site.damaged(
                    scanner.offset(),
                    "the record is of owner " + owner + ", and " + folder.place(ControlFile.NAME) + " knows none after "
                            + (control.epoch() - 1) + ". The files are not of the same time");
        }
        boolean fits = scanner.isFirst() == (batchSize == 0) && (batchSize == 0 ? owner >= epoch : owner == epoch);
        if (fits) {
            epoch = owner;
        }
        return fits;
    }

    private void add(int offset) {
        if (batchSize == batch.length) {
            batch = Arrays.copyOf(batch, batchSize * 2);
        }
        batch[batchSize++] = offset;
    }

    private void visit(long segment, BatchVisitor visitor) {
        if (batchSize == 0) {
            return;
        }
        for (int i = 0; i < batchSize; i++) {
            visitor.onRecord(Position.of(segment, batch[i]), scanner.body(batch[i]));
        }
        batchSize = 0;
        batchCount++;
        readable = Position.of(segment, scanner.nextOffset());
        visitor.onBatchEnd(readable);
    }

    /** Whether the log goes on in the next segment: its first record is a mark of the end that was found. */
    private boolean continues(long next, long endHere) throws JournalException, IOException {
        Site site = Site.of(folder, next);
        try (LogFile file = folder.open(SegmentNames.segment(next))) {
            SegmentHeader nextHeader = SegmentHeader.read(file, site, control.identity());
            requireLength(file, site, nextHeader);
            scanner.open(file, next, SegmentHeader.LENGTH, nextHeader.capacity());
            if (!scanner.next(SegmentHeader.LENGTH) || !scanner.isMark()) {
                return false;
            }
            if (scanner.marked() != endHere) {
                throw Site.of(folder, Position.segment(endHere))
                        .damaged(
                                badOffset,
                                "the log goes on in " + site.place() + " behind position "
                                        + Position.text(scanner.marked()) + ", and is whole only up to position "
                                        + Position.text(endHere));
            }
            return true;
        }
    }

    private Tail finish(long segment) throws JournalException, IOException {
        long endPosition = Position.of(segment, end);
        SegmentHeader tailHeader = header;
        Site site = Site.of(folder, segment);
        try (LogFile file = folder.open(SegmentNames.segment(segment))) {
            Torn torn = torn(file, tailHeader, end);
            long tornBehind = tornBehind(segment);
            if (markHighest > endPosition) {
                throw site.damaged(
                        badOffset,
                        "all was durable up to position " + Position.text(markHighest)
                                + ", and is whole only up to position " + Position.text(endPosition));
            }
            boolean preparedIsClean = closedCleanly && tornBehind == 0;
            if (!preparedIsClean) {
                segments.removeBehind(segment);
            }
            if (torn.bytes() + tornBehind > 0) {
                LOG.warn(
                        "Cut a torn tail of {} bytes at position {} ({}, offset {}). It was written and never confirmed as durable.",
                        torn.bytes() + tornBehind,
                        Position.text(endPosition),
                        site.place(),
                        end);
            }
            makeFit(file, tailHeader, torn.zeroTo());
        }
        return new Tail(endPosition, tailHeader.capacity());
    }

    /**
     * What a crash left behind the end.
     *
     * @param bytes how much of it was written for this segment
     * @param zeroTo offset up to which it is overwritten; the end if nothing is there
     */
    private record Torn(int bytes, int zeroTo) {}

    /** Looks at a segment from {@code from} on; learns of marks there. */
    private Torn torn(LogFile file, SegmentHeader tailHeader, int from) throws IOException {
        scanner.open(file, tailHeader.segment(), from, tailHeader.capacity());
        Remains remains = scanner.survey(from);
        markHighest = Math.max(markHighest, remains.markHighest());
        if (!tailHeader.recycled()) {
            return new Torn(remains.bytesEnd() - from, remains.bytesEnd());
        }
        scanner.open(file, tailHeader.segment(), from, tailHeader.capacity());
        int begun = scanner.beginsAt(from) ? Frame.HEADER_LENGTH : 0;
        int bytes = Math.max(begun, remains.recordsEnd() - from);
        return new Torn(bytes, bytes > 0 ? remains.bytesEnd() : from);
    }

    private long tornBehind(long segment) throws JournalException, IOException {
        long torn = 0;
        for (long behind : segments.present().tailSet(segment, false)) {
            try (LogFile file = folder.open(SegmentNames.segment(behind))) {
                SegmentHeader behindHeader = SegmentHeader.read(file, Site.of(folder, behind), control.identity());
                torn += torn(file, behindHeader, SegmentHeader.LENGTH).bytes();
            }
        }
        return torn;
    }

    private void makeFit(LogFile file, SegmentHeader tailHeader, int zeroTo) throws IOException {
        segments.writeZeros(file, end, zeroTo);
        if (!closedCleanly) {
            long durable = Math.max(markHighest, Position.of(tailHeader.segment(), SegmentHeader.LENGTH));
            rewrite(file, Position.offset(durable), end);
        }
        if (zeroTo > end || !closedCleanly) {
            file.sync();
        }
    }

    private static void rewrite(LogFile file, int from, int to) throws IOException {
        ByteBuffer slice = ByteBuffer.allocate(Math.min(SLICE, Math.max(0, to - from)));
        for (int at = from; at < to; at += slice.limit()) {
            slice.clear().limit(Math.min(slice.capacity(), to - at));
            if (file.read(slice, at) < slice.limit()) {
                throw new IOException("the file became shorter while it was read");
            }
            file.write(slice.flip(), at);
        }
    }
}
