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

    private static final int DESTINATION_CREATED = 1;
    private static final int SUBSCRIPTION_CREATED = 2;
    private static final int QUEUE_DELETED = 3;
    private static final int PUBLISHED = 4;
    private static final int SETTLED = 5;
    private static final int RETURNED = 6;
    private static final int DELIVERY_MARK = 7;
    private static final int CONNECTION_KNOWN = 8;
    private static final int COMMAND_DONE = 9;
    private static final int COMMAND_FAILED = 10;
    private static final int COMMAND_RESULT = 11;
    private static final int CONNECTION_ENDED = 12;
    private static final int PREPARED_SEND = 13;
    private static final int PREPARED_SETTLE = 14;
    private static final int BRANCH_PREPARED = 15;
    private static final int BRANCH_COMMITTED = 16;
    private static final int BRANCH_ROLLED_BACK = 17;
    private static final int STARTED_UNCLEANLY = 18;
    private static final int BRANCH_SHARED = 19;
    // 20 was a page without times
    private static final int BASELINE = 21;
    private static final int MOVED = 22;
    private static final int PREPARED_MOVED = 23;
    private static final int PAGE = 32;
    private static final int POSTPONED = 33;
    private static final int PURGED = 40;
    private static final int PAGES_LEFT = 41;
    private static final int BRANCH_RESOLVED = 42;
    private static final int BRANCH_FORGOTTEN = 43;

    private static final Address.Kind[] KINDS = Address.Kind.values();

    private RecordCodec() {}

    /** Reads a record as {@link LogRecord#encode} and {@link LogRecord#tail} wrote it. */
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

    static void encode(ByteWriter out, DestinationCreated created) {
        out.writeByte(DESTINATION_CREATED);
        out.writeVarint(created.queue());
        out.writeByte(created.address().kind().ordinal());
        out.writeString(created.address().name());
    }

    static void encode(ByteWriter out, SubscriptionCreated created) {
        out.writeByte(SUBSCRIPTION_CREATED);
        out.writeVarint(created.queue());
        out.writeString(created.topic());
        writeNullable(out, created.clientId());
        out.writeString(created.name());
        out.writeBoolean(created.shared());
        out.writeBoolean(created.noLocal());
        writeNullable(out, created.selector());
    }

    static void encode(ByteWriter out, QueueDeleted deleted) {
        out.writeByte(QUEUE_DELETED);
        out.writeVarint(deleted.queue());
    }

    static void encode(ByteWriter out, Published published) {
        out.writeByte(PUBLISHED);
        writeTargets(out, published.targets());
    }

    static void encode(ByteWriter out, Moved moved) {
        out.writeByte(MOVED);
        writeTargets(out, moved.targets());
        out.writeLong(moved.from());
    }

    static void encode(ByteWriter out, PreparedMoved moved) {
        out.writeByte(PREPARED_MOVED);
        writeBranch(out, moved.branch());
        writeNumbers(out, moved.queues());
        out.writeLong(moved.from());
    }

    private static void writeTargets(ByteWriter out, List<Target> targets) {
        out.writeVarint(targets.size());
        for (int index = 0; index < targets.size(); index++) {
            out.writeVarint(targets.get(index).queue());
            out.writeVarint(targets.get(index).entry());
        }
    }

    static void encode(ByteWriter out, Settled settled) {
        out.writeByte(SETTLED);
        out.writeVarint(settled.queue());
        writeRanges(out, settled.entries());
    }

    static void encode(ByteWriter out, Returned returned) {
        out.writeByte(RETURNED);
        out.writeVarint(returned.queue());
        writeRanges(out, returned.entries());
    }

    static void encode(ByteWriter out, Postponed postponed) {
        out.writeByte(POSTPONED);
        out.writeVarint(postponed.queue());
        writeRanges(out, postponed.entries());
        out.writeLong(postponed.untilMs());
    }

    static void encode(ByteWriter out, DeliveryMark mark) {
        out.writeByte(DELIVERY_MARK);
        out.writeVarint(mark.queue());
        out.writeVarint(mark.mark());
    }

    static void encode(ByteWriter out, ConnectionKnown known) {
        out.writeByte(CONNECTION_KNOWN);
        out.writeVarint(known.number());
        out.writeLong(known.connection().getMostSignificantBits());
        out.writeLong(known.connection().getLeastSignificantBits());
    }

    static void encode(ByteWriter out, CommandDone done) {
        out.writeByte(COMMAND_DONE);
        out.writeVarint(done.connection());
        out.writeVarint(done.command());
    }

    static void encode(ByteWriter out, CommandFailed failed) {
        out.writeByte(COMMAND_FAILED);
        out.writeVarint(failed.connection());
        out.writeVarint(failed.command());
        out.writeShort(failed.code().number());
        out.writeString(failed.text());
    }

    static void encode(ByteWriter out, CommandResult result) {
        out.writeByte(COMMAND_RESULT);
        out.writeVarint(result.connection());
        out.writeVarint(result.command());
        out.writeVarint(result.value());
    }

    static void encode(ByteWriter out, ConnectionEnded ended) {
        out.writeByte(CONNECTION_ENDED);
        out.writeVarint(ended.connection());
        out.writeBoolean(ended.expired());
    }

    static void encode(ByteWriter out, PreparedSend send) {
        out.writeByte(PREPARED_SEND);
        writeBranch(out, send.branch());
        writeNumbers(out, send.queues());
    }

    static void encode(ByteWriter out, PreparedSettle settle) {
        out.writeByte(PREPARED_SETTLE);
        writeBranch(out, settle.branch());
        out.writeVarint(settle.queue());
        writeRanges(out, settle.entries());
    }

    static void encode(ByteWriter out, BranchPrepared prepared) {
        out.writeByte(BRANCH_PREPARED);
        writeBranch(out, prepared.branch());
    }

    static void encode(ByteWriter out, BranchCommitted committed) {
        out.writeByte(BRANCH_COMMITTED);
        writeBranch(out, committed.branch());
        writeNumbers(out, committed.entries());
    }

    static void encode(ByteWriter out, BranchRolledBack rolledBack) {
        out.writeByte(BRANCH_ROLLED_BACK);
        writeBranch(out, rolledBack.branch());
    }

    /** Needs no fields: it is about everything before it. */
    static void encode(ByteWriter out, StartedUncleanly started) {
        out.writeByte(STARTED_UNCLEANLY);
    }

    static void encode(ByteWriter out, BranchShared shared) {
        out.writeByte(BRANCH_SHARED);
        writeBranch(out, shared.branch());
        out.writeLong(shared.connection().getMostSignificantBits());
        out.writeLong(shared.connection().getLeastSignificantBits());
        out.writeVarint(shared.starts());
    }

    static void encode(ByteWriter out, Page page) {
        out.writeByte(PAGE);
        out.writeVarint(page.queue());
        out.writeByte(page.priority());
        out.writeVarint(page.first());
        out.writeVarint(page.last());
    }

    static void encode(ByteWriter out, Purged purged) {
        out.writeByte(PURGED);
        out.writeVarint(purged.queue());
        writeRanges(out, purged.kept());
    }

    static void encode(ByteWriter out, PagesLeft left) {
        out.writeByte(PAGES_LEFT);
        out.writeVarint(left.pages().size());
        for (PageRef page : left.pages()) {
            out.writeLong(page.position());
            out.writeVarint(page.bytes());
            out.writeVarint(page.first());
        }
    }

    static void encode(ByteWriter out, BranchResolved resolved) {
        out.writeByte(BRANCH_RESOLVED);
        writeBranch(out, resolved.branch());
        out.writeBoolean(resolved.committed());
    }

    static void encode(ByteWriter out, BranchForgotten forgotten) {
        out.writeByte(BRANCH_FORGOTTEN);
        writeBranch(out, forgotten.branch());
    }

    /** All of it is the tail. */
    static void encode(ByteWriter out, Baseline baseline) {
        out.writeByte(BASELINE);
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

    private static void writeNumbers(ByteWriter out, List<Long> numbers) {
        out.writeVarint(numbers.size());
        for (long number : numbers) {
            out.writeVarint(number);
        }
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
