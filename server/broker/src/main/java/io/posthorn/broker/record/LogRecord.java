package io.posthorn.broker.record;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.ByteWriter;
import java.util.List;
import java.util.UUID;

/**
 * One durable change. Every change of durable state is a record that goes through {@link Visitor}, live and at recovery
 * alike. {@link RecordCodec} draws the layout.
 */
public sealed interface LogRecord {

    /** Position of a record that is not in the log yet. */
    long NOWHERE = -1;

    /** Calls the visitor's method for this record; {@code position} is where the record stands in the log. */
    void visit(Visitor visitor, long position);

    /** Writes all but the tail, type byte first. */
    default void encode(ByteWriter out) {
        visit(new RecordEncoder(out), NOWHERE);
    }

    /** The envelope that follows what {@link #encode} wrote; empty for records without one. */
    default byte[] tail() {
        return RecordCodec.NO_TAIL;
    }

    /** A queue or topic came into being. {@code queue} numbers its entries' home; topics have a number too. */
    record DestinationCreated(long queue, Address address) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onDestinationCreated(this);
        }
    }

    /** A durable subscription came into being; {@code clientId} and {@code selector} may be null. */
    record SubscriptionCreated(
            long queue, String topic, String clientId, String name, boolean shared, boolean noLocal, String selector)
            implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onSubscriptionCreated(this);
        }
    }

    /** A destination or subscription was deleted with all that it held. */
    record QueueDeleted(long queue) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onQueueDeleted(this);
        }
    }

    /** Where a message went: a queue, and its number there. */
    record Target(long queue, long entry) {}

    /** A message is in these queues. */
    record Published(List<Target> targets, byte[] envelope) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onPublished(this, position);
        }

        @Override
        public byte[] tail() {
            return envelope;
        }
    }

    /** These entries are consumed, expired or moved away. */
    record Settled(long queue, EntryRanges entries) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onSettled(this);
        }
    }

    /** These entries were handed to an application and came back. */
    record Returned(long queue, EntryRanges entries) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onReturned(this);
        }
    }

    /** These entries are not delivered again before this time, ms since 1970. */
    record Postponed(long queue, EntryRanges entries, long untilMs) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onPostponed(this);
        }
    }

    /** Entries below {@code mark} may have been delivered: after an unclean restart they are flagged as redelivered. */
    record DeliveryMark(long queue, long mark) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onDeliveryMark(this);
        }
    }

    /** A connection that durable commands come from, and the short number that stands for it in the log. */
    record ConnectionKnown(long number, UUID connection) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onConnectionKnown(this);
        }
    }

    /** Last record of a batch that a command caused. */
    record CommandDone(long connection, long command) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onCommandDone(this);
        }
    }

    /** A command had no effect, and must not be taken for done when a later one is. */
    record CommandFailed(long connection, long command, ErrorCode code, String text) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onCommandFailed(this);
        }
    }

    /** What a command returned; last record of its batch. */
    record CommandResult(long connection, long command, long value) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onCommandResult(this);
        }
    }

    /** A connection is over; when {@code expired}, a client that comes back late must be told. */
    record ConnectionEnded(long connection, boolean expired) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onConnectionEnded(this);
        }
    }

    /** A message of a branch that is being prepared; it becomes visible with {@link BranchCommitted}. */
    record PreparedSend(BranchId branch, List<Long> queues, byte[] envelope) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onPreparedSend(this, position);
        }

        @Override
        public byte[] tail() {
            return envelope;
        }
    }

    /** Entries that a branch being prepared consumes. */
    record PreparedSettle(BranchId branch, long queue, EntryRanges entries) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onPreparedSettle(this);
        }
    }

    /** The branch is prepared with all that the records before this one, in the same batch, say. */
    record BranchPrepared(BranchId branch) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onBranchPrepared(this);
        }
    }

    /** A prepared branch is committed; {@code entries} are the numbers of its messages, in the order of its targets. */
    record BranchCommitted(BranchId branch, List<Long> entries) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onBranchCommitted(this);
        }
    }

    /** A prepared branch is rolled back. */
    record BranchRolledBack(BranchId branch) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onBranchRolledBack(this);
        }
    }

    /**
     * Several connections work in a branch that is not prepared: this one has started or joined it so often. Holds until the
     * branch is prepared, committed or rolled back.
     */
    record BranchShared(BranchId branch, UUID connection, long starts) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onBranchShared(this);
        }
    }

    /** The run before did not end in order: whatever it may have delivered is suspect from here on. */
    record StartedUncleanly() implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onStartedUncleanly(this);
        }
    }

    /**
     * The entries of a lane of a queue from one number to another, all that are still there, so that they need not be in
     * memory ({@code io.posthorn.broker.lane.PageCodec}).
     */
    record Page(long queue, int priority, long first, long last, byte[] entries) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onPage(this, position);
        }

        @Override
        public byte[] tail() {
            return entries;
        }
    }

    /** All that the records before this one have come to. A start may begin here. */
    record Baseline(byte[] state) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onBaseline(this);
        }

        @Override
        public byte[] tail() {
            return state;
        }
    }

    /** A message stands here now, and no longer at {@code from}, for these entries, as far as they are still there. */
    record Moved(List<Target> targets, long from, byte[] envelope) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onMoved(this, position);
        }

        @Override
        public byte[] tail() {
            return envelope;
        }
    }

    /** The same for a message of a prepared branch. */
    record PreparedMoved(BranchId branch, List<Long> queues, long from, byte[] envelope) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onPreparedMoved(this, position);
        }

        @Override
        public byte[] tail() {
            return envelope;
        }
    }

    /** All entries of a queue that were in the log were taken out, but for {@code kept}, which somebody held. */
    record Purged(long queue, EntryRanges kept) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onPurged(this);
        }
    }

    /** A page that was written for entries whose numbers begin with {@code first}, and the length of its entries. */
    record PageRef(long position, int bytes, long first) {}

    /** What these pages hold is in no queue any more, and still to be given back. Part of a {@link Baseline}. */
    record PagesLeft(List<PageRef> pages) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onPagesLeft(this);
        }
    }

    /** An operator decided a prepared branch in the place of its coordinator, who is to be told. */
    record BranchResolved(BranchId branch, boolean committed) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onBranchResolved(this);
        }
    }

    /** The coordinator knows what an operator decided, or never will. */
    record BranchForgotten(BranchId branch) implements LogRecord {
        @Override
        public void visit(Visitor visitor, long position) {
            visitor.onBranchForgotten(this);
        }
    }

    /** One method per record, so that a new record breaks the build of whoever does not handle it. */
    interface Visitor {
        void onDestinationCreated(DestinationCreated created);

        void onSubscriptionCreated(SubscriptionCreated created);

        void onQueueDeleted(QueueDeleted deleted);

        void onPublished(Published published, long position);

        void onSettled(Settled settled);

        void onReturned(Returned returned);

        void onPostponed(Postponed postponed);

        void onDeliveryMark(DeliveryMark mark);

        void onConnectionKnown(ConnectionKnown known);

        void onCommandDone(CommandDone done);

        void onCommandFailed(CommandFailed failed);

        void onCommandResult(CommandResult result);

        void onConnectionEnded(ConnectionEnded ended);

        void onPreparedSend(PreparedSend send, long position);

        void onPreparedSettle(PreparedSettle settle);

        void onBranchPrepared(BranchPrepared prepared);

        void onBranchCommitted(BranchCommitted committed);

        void onBranchRolledBack(BranchRolledBack rolledBack);

        void onStartedUncleanly(StartedUncleanly started);

        void onBranchShared(BranchShared shared);

        void onPage(Page page, long position);

        void onBaseline(Baseline baseline);

        void onMoved(Moved moved, long position);

        void onPreparedMoved(PreparedMoved moved, long position);

        void onPurged(Purged purged);

        void onPagesLeft(PagesLeft left);

        void onBranchResolved(BranchResolved resolved);

        void onBranchForgotten(BranchForgotten forgotten);
    }
}
