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
import io.posthorn.wire.message.ByteWriter;
import java.util.List;

/** Writes records as {@link RecordCodec} reads them: type byte first, and all but the tail. One thread at a time. */
final class RecordEncoder implements LogRecord.Visitor {

    private final ByteWriter out;

    RecordEncoder(ByteWriter out) {
        this.out = out;
    }

    @Override
    public void onDestinationCreated(DestinationCreated created) {
        out.writeByte(RecordCodec.DESTINATION_CREATED);
        out.writeVarint(created.queue());
        out.writeByte(created.address().kind().ordinal());
        out.writeString(created.address().name());
    }

    @Override
    public void onSubscriptionCreated(SubscriptionCreated created) {
        out.writeByte(RecordCodec.SUBSCRIPTION_CREATED);
        out.writeVarint(created.queue());
        out.writeString(created.topic());
        RecordCodec.writeNullable(out, created.clientId());
        out.writeString(created.name());
        out.writeBoolean(created.shared());
        out.writeBoolean(created.noLocal());
        RecordCodec.writeNullable(out, created.selector());
    }

    @Override
    public void onQueueDeleted(QueueDeleted deleted) {
        out.writeByte(RecordCodec.QUEUE_DELETED);
        out.writeVarint(deleted.queue());
    }

    @Override
    public void onPublished(Published published, long position) {
        out.writeByte(RecordCodec.PUBLISHED);
        writeTargets(published.targets());
    }

    @Override
    public void onSettled(Settled settled) {
        out.writeByte(RecordCodec.SETTLED);
        out.writeVarint(settled.queue());
        RecordCodec.writeRanges(out, settled.entries());
    }

    @Override
    public void onReturned(Returned returned) {
        out.writeByte(RecordCodec.RETURNED);
        out.writeVarint(returned.queue());
        RecordCodec.writeRanges(out, returned.entries());
    }

    @Override
    public void onPostponed(Postponed postponed) {
        out.writeByte(RecordCodec.POSTPONED);
        out.writeVarint(postponed.queue());
        RecordCodec.writeRanges(out, postponed.entries());
        out.writeLong(postponed.untilMs());
    }

    @Override
    public void onDeliveryMark(DeliveryMark mark) {
        out.writeByte(RecordCodec.DELIVERY_MARK);
        out.writeVarint(mark.queue());
        out.writeVarint(mark.mark());
    }

    @Override
    public void onConnectionKnown(ConnectionKnown known) {
        out.writeByte(RecordCodec.CONNECTION_KNOWN);
        out.writeVarint(known.number());
        out.writeLong(known.connection().getMostSignificantBits());
        out.writeLong(known.connection().getLeastSignificantBits());
    }

    @Override
    public void onCommandDone(CommandDone done) {
        out.writeByte(RecordCodec.COMMAND_DONE);
        out.writeVarint(done.connection());
        out.writeVarint(done.command());
    }

    @Override
    public void onCommandFailed(CommandFailed failed) {
        out.writeByte(RecordCodec.COMMAND_FAILED);
        out.writeVarint(failed.connection());
        out.writeVarint(failed.command());
        out.writeShort(failed.code().number());
        out.writeString(failed.text());
    }

    @Override
    public void onCommandResult(CommandResult result) {
        out.writeByte(RecordCodec.COMMAND_RESULT);
        out.writeVarint(result.connection());
        out.writeVarint(result.command());
        out.writeVarint(result.value());
    }

    @Override
    public void onConnectionEnded(ConnectionEnded ended) {
        out.writeByte(RecordCodec.CONNECTION_ENDED);
        out.writeVarint(ended.connection());
        out.writeBoolean(ended.expired());
    }

    @Override
    public void onPreparedSend(PreparedSend send, long position) {
        out.writeByte(RecordCodec.PREPARED_SEND);
        RecordCodec.writeBranch(out, send.branch());
        writeNumbers(send.queues());
    }

    @Override
    public void onPreparedSettle(PreparedSettle settle) {
        out.writeByte(RecordCodec.PREPARED_SETTLE);
        RecordCodec.writeBranch(out, settle.branch());
        out.writeVarint(settle.queue());
        RecordCodec.writeRanges(out, settle.entries());
    }

    @Override
    public void onBranchPrepared(BranchPrepared prepared) {
        out.writeByte(RecordCodec.BRANCH_PREPARED);
        RecordCodec.writeBranch(out, prepared.branch());
    }

    @Override
    public void onBranchCommitted(BranchCommitted committed) {
        out.writeByte(RecordCodec.BRANCH_COMMITTED);
        RecordCodec.writeBranch(out, committed.branch());
        writeNumbers(committed.entries());
    }

    @Override
    public void onBranchRolledBack(BranchRolledBack rolledBack) {
        out.writeByte(RecordCodec.BRANCH_ROLLED_BACK);
        RecordCodec.writeBranch(out, rolledBack.branch());
    }

    /** Needs no fields: it is about everything before it. */
    @Override
    public void onStartedUncleanly(StartedUncleanly started) {
        out.writeByte(RecordCodec.STARTED_UNCLEANLY);
    }

    @Override
    public void onBranchShared(BranchShared shared) {
        out.writeByte(RecordCodec.BRANCH_SHARED);
        RecordCodec.writeBranch(out, shared.branch());
        out.writeLong(shared.connection().getMostSignificantBits());
        out.writeLong(shared.connection().getLeastSignificantBits());
        out.writeVarint(shared.starts());
    }

    @Override
    public void onPage(Page page, long position) {
        out.writeByte(RecordCodec.PAGE);
        out.writeVarint(page.queue());
        out.writeByte(page.priority());
        out.writeVarint(page.first());
        out.writeVarint(page.last());
    }

    /** All of it is the tail. */
    @Override
    public void onBaseline(Baseline baseline) {
        out.writeByte(RecordCodec.BASELINE);
    }

    @Override
    public void onMoved(Moved moved, long position) {
        out.writeByte(RecordCodec.MOVED);
        writeTargets(moved.targets());
        out.writeLong(moved.from());
    }

    @Override
    public void onPreparedMoved(PreparedMoved moved, long position) {
        out.writeByte(RecordCodec.PREPARED_MOVED);
        RecordCodec.writeBranch(out, moved.branch());
        writeNumbers(moved.queues());
        out.writeLong(moved.from());
    }

    @Override
    public void onPurged(Purged purged) {
        out.writeByte(RecordCodec.PURGED);
        out.writeVarint(purged.queue());
        RecordCodec.writeRanges(out, purged.kept());
    }

    @Override
    public void onPagesLeft(PagesLeft left) {
        out.writeByte(RecordCodec.PAGES_LEFT);
        out.writeVarint(left.pages().size());
        for (PageRef page : left.pages()) {
            out.writeLong(page.position());
            out.writeVarint(page.bytes());
            out.writeVarint(page.first());
        }
    }

    @Override
    public void onBranchResolved(BranchResolved resolved) {
        out.writeByte(RecordCodec.BRANCH_RESOLVED);
        RecordCodec.writeBranch(out, resolved.branch());
        out.writeBoolean(resolved.committed());
    }

    @Override
    public void onBranchForgotten(BranchForgotten forgotten) {
        out.writeByte(RecordCodec.BRANCH_FORGOTTEN);
        RecordCodec.writeBranch(out, forgotten.branch());
    }

    private void writeTargets(List<Target> targets) {
        out.writeVarint(targets.size());
        for (int index = 0; index < targets.size(); index++) {
            out.writeVarint(targets.get(index).queue());
            out.writeVarint(targets.get(index).entry());
        }
    }

    private void writeNumbers(List<Long> numbers) {
        out.writeVarint(numbers.size());
        for (long number : numbers) {
            out.writeVarint(number);
        }
    }
}
