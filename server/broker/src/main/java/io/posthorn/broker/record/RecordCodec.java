package io.posthorn.broker.record;

import io.posthorn.broker.record.LogRecord.Baseline;
import io.posthorn.broker.record.LogRecord.BranchCommitted;
import io.posthorn.broker.record.LogRecord.BranchForgotten;
import io.posthorn.broker.record.LogRecord.BranchPrepared;
import io.posthorn.broker.record.LogRecord.BranchResolved;
import io.posthorn.broker.record.LogRecord.BranchRolledBack;
import io.posthorn.broker.record.LogRecord.BranchShared;
import io.posthorn.broker.record.LogRecord.CommandDone;
import io.posthorn.broker.record.LogRecord.CommandFailed;
import io.posthorn.broker.record.LogRecord.CommandResult;
import io.posthorn.broker.record.LogRecord.ConnectionEnded;
import io.posthorn.broker.record.LogRecord.ConnectionKnown;
import io.posthorn.broker.record.LogRecord.DeliveryMark;
import io.posthorn.broker.record.LogRecord.DestinationCreated;
import io.posthorn.broker.record.LogRecord.Moved;
import io.posthorn.broker.record.LogRecord.Page;
import io.posthorn.broker.record.LogRecord.PageRef;
import io.posthorn.broker.record.LogRecord.PagesLeft;
import io.posthorn.broker.record.LogRecord.Postponed;
import io.posthorn.broker.record.LogRecord.PreparedMoved;
import io.posthorn.broker.record.LogRecord.PreparedSend;
import io.posthorn.broker.record.LogRecord.PreparedSettle;
import io.posthorn.broker.record.LogRecord.Published;
import io.posthorn.broker.record.LogRecord.Purged;
import io.posthorn.broker.record.LogRecord.QueueDeleted;
import io.posthorn.broker.record.LogRecord.Returned;
import io.posthorn.broker.record.LogRecord.Settled;
import io.posthorn.broker.record.LogRecord.StartedUncleanly;
import io.posthorn.broker.record.LogRecord.SubscriptionCreated;
import io.posthorn.broker.record.LogRecord.Target;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;
import io.posthorn.wire.message.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The layout of records: a type byte, then the fields in the order of the record's components. Numbers are varints,
 * strings are length and UTF-8 (a null one is flagged by a byte before it), lists start with their count, ranges are
 * pairs of first and length; an envelope is the rest of the record. Types are never used again for something else.
 */
public final class RecordCodec {

    static final byte[] NO_TAIL = {};

    static final int DESTINATION_CREATED = 1;
    static final int SUBSCRIPTION_CREATED = 2;
    static final int QUEUE_DELETED = 3;
    static final int PUBLISHED = 4;
    static final int SETTLED = 5;
    static final int RETURNED = 6;
    static final int DELIVERY_MARK = 7;
    static final int CONNECTION_KNOWN = 8;
    static final int COMMAND_DONE = 9;
    static final int COMMAND_FAILED = 10;
    static final int COMMAND_RESULT = 11;
    static final int CONNECTION_ENDED = 12;
    static final int PREPARED_SEND = 13;
    static final int PREPARED_SETTLE = 14;
    static final int BRANCH_PREPARED = 15;
    static final int BRANCH_COMMITTED = 16;
    static final int BRANCH_ROLLED_BACK = 17;
    static final int STARTED_UNCLEANLY = 18;
    static final int BRANCH_SHARED = 19;
    // 20 was a page without times
    static final int BASELINE = 21;
    static final int MOVED = 22;
    static final int PREPARED_MOVED = 23;
    static final int PAGE = 32;
    static final int POSTPONED = 33;
    static final int PURGED = 40;
    static final int PAGES_LEFT = 41;
    static final int BRANCH_RESOLVED = 42;
    static final int BRANCH_FORGOTTEN = 43;

    private static final Address.Kind[] KINDS = Address.Kind.values();

    private RecordCodec() {}

    /** Reads a record as {@link RecordEncoder} and {@link LogRecord#tail} wrote it. */
    public static LogRecord decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes, 0, bytes.length);
        int type = in.readByte();
        return switch (type) {
            case DESTINATION_CREATED -> new DestinationCreated(in.readVarint(), readAddress(in));
            case SUBSCRIPTION_CREATED ->
                new SubscriptionCreated(
                        in.readVarint(),
                        in.readString(),
                        readNullable(in),
                        in.readString(),
                        in.readBoolean(),
                        in.readBoolean(),
                        readNullable(in));
            case QUEUE_DELETED -> new QueueDeleted(in.readVarint());
            case PUBLISHED -> new Published(readTargets(in), in.readRemaining());
            case SETTLED -> new Settled(in.readVarint(), readRanges(in));
            case RETURNED -> new Returned(in.readVarint(), readRanges(in));
            case POSTPONED -> new Postponed(in.readVarint(), readRanges(in), in.readLong());
            case DELIVERY_MARK -> new DeliveryMark(in.readVarint(), in.readVarint());
            case CONNECTION_KNOWN -> new ConnectionKnown(in.readVarint(), new UUID(in.readLong(), in.readLong()));
            case COMMAND_DONE -> new CommandDone(in.readVarint(), in.readVarint());
            case COMMAND_FAILED ->
                new CommandFailed(in.readVarint(), in.readVarint(), ErrorCode.of(in.readShort()), in.readString());
            case COMMAND_RESULT -> new CommandResult(in.readVarint(), in.readVarint(), in.readVarint());
            case CONNECTION_ENDED -> new ConnectionEnded(in.readVarint(), in.readBoolean());
            case PREPARED_SEND -> new PreparedSend(readBranch(in), readNumbers(in), in.readRemaining());
            case PREPARED_SETTLE -> new PreparedSettle(readBranch(in), in.readVarint(), readRanges(in));
            case BRANCH_PREPARED -> new BranchPrepared(readBranch(in));
            case BRANCH_COMMITTED -> new BranchCommitted(readBranch(in), readNumbers(in));
            case BRANCH_ROLLED_BACK -> new BranchRolledBack(readBranch(in));
            case STARTED_UNCLEANLY -> new StartedUncleanly();
            case BRANCH_SHARED ->
                new BranchShared(readBranch(in), new UUID(in.readLong(), in.readLong()), in.readVarint());
            case PAGE -> new Page(in.readVarint(), in.readByte(), in.readVarint(), in.readVarint(), in.readRemaining());
            case BASELINE -> new Baseline(in.readRemaining());
            case MOVED -> new Moved(readTargets(in), in.readLong(), in.readRemaining());
            case PREPARED_MOVED ->
                new PreparedMoved(readBranch(in), readNumbers(in), in.readLong(), in.readRemaining());
            case PURGED -> new Purged(in.readVarint(), readRanges(in));
            case PAGES_LEFT -> new PagesLeft(readPages(in));
            case BRANCH_RESOLVED -> new BranchResolved(readBranch(in), in.readBoolean());
            case BRANCH_FORGOTTEN -> new BranchForgotten(readBranch(in));
            default -> throw new MalformedException("unknown type of record " + type);
        };
    }

    /** Whether this is the record of a {@link Baseline}. */
    public static boolean isBaseline(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == BASELINE;
    }

    /** The bytes of a whole {@link Baseline} record. */
    public static byte[] baseline(byte[] state) {
        ByteWriter out = new ByteWriter(state.length + 1);
        out.writeByte(BASELINE);
        out.writeBytes(state, 0, state.length);
        return out.toByteArray();
    }

    /** The envelope of a record that holds one, without decoding the rest into objects. */
    public static byte[] envelopeOf(byte[] bytes) {
        LogRecord found = decode(bytes);
        boolean holdsMessage = found instanceof Published
                || found instanceof PreparedSend
                || found instanceof Moved
                || found instanceof PreparedMoved;
        if (!holdsMessage || found.tail().length == 0) {
            throw new MalformedException("a record of type " + bytes[0] + " where a message was expected");
        }
        return found.tail();
    }

    public static void writeRanges(ByteWriter out, EntryRanges ranges) {
        out.writeVarint(ranges.rangeCount());
        for (int range = 0; range < ranges.rangeCount(); range++) {
            out.writeVarint(ranges.first(range));
            out.writeVarint(ranges.last(range) - ranges.first(range));
        }
    }

    public static EntryRanges readRanges(ByteReader in) {
        long count = in.readVarint();
        EntryRanges.Builder ranges = new EntryRanges.Builder();
        for (long range = 0; range < count; range++) {
            long first = in.readVarint();
            long last = first + in.readVarint();
            for (long entry = first; entry <= last; entry++) {
                ranges.add(entry);
            }
        }
        return ranges.build();
    }

    public static void writeBranch(ByteWriter out, BranchId branch) {
        out.writeInt(branch.formatId());
        out.writeSized(branch.global());
        out.writeSized(branch.qualifier());
    }

    public static BranchId readBranch(ByteReader in) {
        return new BranchId(in.readInt(), in.readSized(), in.readSized());
    }

    public static void writeNullable(ByteWriter out, String text) {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeString(text);
        }
    }

    public static String readNullable(ByteReader in) {
        return in.readBoolean() ? in.readString() : null;
    }

    public static Address readAddress(ByteReader in) {
        int kind = in.readUnsignedByte();
        if (kind >= KINDS.length) {
            throw new MalformedException("unknown kind of destination " + kind);
        }
        return new Address(KINDS[kind], in.readString());
    }

    private static List<Long> readNumbers(ByteReader in) {
        int count = in.readLength();
        List<Long> numbers = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            numbers.add(in.readVarint());
        }
        return numbers;
    }

    private static List<PageRef> readPages(ByteReader in) {
        int count = in.readLength();
        List<PageRef> pages = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            pages.add(new PageRef(in.readLong(), (int) in.readVarint(), in.readVarint()));
        }
        return pages;
    }

    private static List<Target> readTargets(ByteReader in) {
        int count = in.readLength();
        List<Target> targets = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            targets.add(new Target(in.readVarint(), in.readVarint()));
        }
        return targets;
    }
}
