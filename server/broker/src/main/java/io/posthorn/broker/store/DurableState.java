package io.posthorn.broker.store;

import io.posthorn.broker.body.Bodies;
import io.posthorn.broker.body.BodyHold;
import io.posthorn.broker.body.PieceLabel;
import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.Rubble;
import io.posthorn.broker.queue.Backlog.StoredPage;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.Redelivery;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.LogRecord.Target;
import io.posthorn.broker.store.KnownConnection.Outcome;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.selector.InvalidSelectorSyntaxException;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The only code that changes durable state: each record, replayed, does here what it says, live and at recovery. What is
 * missing at recovery (a queue that was deleted later than a checkpoint says) is passed over.
 */
public final class DurableState implements LogRecord.Visitor {

    /** How many ended connections, finished branches, and shared ones that are not prepared, are remembered. */
    private static final int REMEMBERED_MAX = 10_000;

    private final Directory directory;
    private final SpaceAccount space;
    private final Map<Long, KnownConnection> connections = new LinkedHashMap<>();
    private final Map<UUID, KnownConnection> connectionsById = new LinkedHashMap<>();
    private final Map<UUID, Boolean> expired = new Remembered<>();
    private final Map<BranchId, PreparedBranch> branches = new LinkedHashMap<>();
    private final Map<BranchId, Boolean> finished = new Remembered<>();
    private final Map<BranchId, Boolean> resolved = new LinkedHashMap<>();
    private final Map<BranchId, Map<UUID, Long>> shared = new Remembered<>();
    private long lastConnection;
    private boolean live;

    public DurableState(Directory directory, SpaceAccount space) {
        this.directory = directory;
        this.space = space;
    }

    /** From now on records come from the running broker: contents are kept in memory. */
    public void goLive() {
        live = true;
    }

    /** Whether records come from the running broker. */
    public boolean isLive() {
        return live;
    }

    public Directory directory() {
        return directory;
    }

    public KnownConnection connection(UUID id) {
        return connectionsById.get(id);
    }

    public List<KnownConnection> connections() {
        return new ArrayList<>(connections.values());
    }

    public boolean isExpired(UUID connection) {
        return expired.containsKey(connection);
    }

    public long nextConnection() {
        return lastConnection + 1;
    }

    /** A prepared branch, or null. */
    public PreparedBranch branch(BranchId id) {
        PreparedBranch branch = branches.get(id);
        return branch != null && branch.isPrepared() ? branch : null;
    }

    public List<BranchId> preparedBranches() {
        return new ArrayList<>(branches.keySet());
    }

    /**
     * Which connections have a part in a branch that is not prepared, and how often each has started or joined it; empty
     * unless there were several.
     */
    public Map<UUID, Long> parts(BranchId id) {
        return shared.getOrDefault(id, Map.of());
    }

    /** Whether a branch ended not long ago: true for committed, false for rolled back, null when not known. */
    public Boolean finished(BranchId id) {
        return finished.get(id);
    }

    /** Branches that an operator decided, true for committed, until their coordinators know it. */
    public Map<BranchId, Boolean> resolved() {
        return Collections.unmodifiableMap(resolved);
    }

    @Override
    public void onDestinationCreated(LogRecord.DestinationCreated created) {
        directory.createDestination(created.queue(), created.address());
    }

    @Override
    public void onSubscriptionCreated(LogRecord.SubscriptionCreated created) {
        Destination topic = directory.find(Address.topic(created.topic()));
        if (topic != null) {
            Subscription.Key key = new Subscription.Key(created.clientId(), created.name());
            directory.createDurable(
                    created.queue(),
                    topic,
                    key,
                    new Directory.SubscriptionTerms(
                            created.shared(), created.noLocal(), created.selector(), parse(created.selector())));
        }
    }

    @Override
    public void onQueueDeleted(LogRecord.QueueDeleted deleted) {
        directory.delete(deleted.queue());
    }

    @Override
    public void onPublished(LogRecord.Published published, long position) {
        Envelope envelope = Envelope.of(published.envelope());
        List<Target> targets = published.targets();
        if (targets.size() == 1 && targets.get(0).queue() == Bodies.QUEUE) {
            onPiece(targets.get(0).entry(), position, envelope);
            return;
        }
        Content content = live ? new Content(envelope) : null;
        for (int index = 0; index < targets.size(); index++) {
            MessageQueue queue = directory.queue(targets.get(index).queue());
            if (queue != null) {
                queue.add(targets.get(index).entry(), position, envelope, content);
            }
        }
    }

    /** A piece is not kept in memory: it is wanted later, if at all, and by one. */
    private void onPiece(long entry, long position, Envelope piece) {
        directory.piecesForMore().add(entry, position, piece, null);
        directory.bodies().onPiece(PieceLabel.of(piece), entry, piece.bodyLength(), true);
    }

    @Override
    public void onSettled(LogRecord.Settled settled) {
        MessageQueue queue = directory.queue(settled.queue());
        if (queue != null) {
            queue.settle(settled.entries());
        }
        if (settled.queue() == Bodies.QUEUE) {
            directory.bodies().onReleased(settled.entries());
        }
    }

    @Override
    public void onReturned(LogRecord.Returned returned) {
        MessageQueue queue = directory.queue(returned.queue());
        if (queue != null) {
            queue.countAttempt(returned.entries());
        }
    }

    @Override
    public void onPostponed(LogRecord.Postponed postponed) {
        MessageQueue queue = directory.queue(postponed.queue());
        if (queue != null) {
            queue.redelivery().postpone(new Redelivery.Postponement(postponed.entries(), postponed.untilMs()));
        }
    }

    @Override
    public void onDeliveryMark(LogRecord.DeliveryMark mark) {
        MessageQueue queue = directory.queue(mark.queue());
        if (queue != null) {
            queue.deliveryMark(mark.mark());
        }
    }

    @Override
    public void onConnectionKnown(LogRecord.ConnectionKnown known) {
        KnownConnection connection = new KnownConnection(known.number(), known.connection());
        lastConnection = Math.max(lastConnection, known.number());
        connections.put(known.number(), connection);
        connectionsById.put(known.connection(), connection);
    }

    @Override
    public void onCommandDone(LogRecord.CommandDone done) {
        KnownConnection connection = connections.get(done.connection());
        if (connection != null) {
            connection.done(done.command());
        }
    }

    @Override
    public void onCommandFailed(LogRecord.CommandFailed failed) {
        KnownConnection connection = connections.get(failed.connection());
        if (connection != null) {
            connection.remember(new Outcome(failed.command(), failed.code(), failed.text(), 0));
        }
    }

    @Override
    public void onCommandResult(LogRecord.CommandResult result) {
        KnownConnection connection = connections.get(result.connection());
        if (connection != null) {
            connection.remember(new Outcome(result.command(), null, null, result.value()));
        }
    }

    @Override
    public void onConnectionEnded(LogRecord.ConnectionEnded ended) {
        KnownConnection connection = connections.remove(ended.connection());
        if (connection != null) {
            connectionsById.remove(connection.connection());
            if (ended.expired()) {
                expired.put(connection.connection(), true);
            }
        }
    }

    @Override
    public void onPreparedSend(LogRecord.PreparedSend send, long position) {
        List<MessageQueue> queues = new ArrayList<>(send.queues().size());
        for (long number : send.queues()) {
            queues.add(directory.queue(number));
        }
        Envelope envelope = Envelope.of(send.envelope());
        BodyHold body = envelope.bodyIsApart() ? directory.bodies().hold(envelope, true) : null;
        preparing(send.branch()).sends().add(new PreparedBranch.Send(queues, envelope, position, body));
        space.retained(position, send.envelope().length);
    }

    @Override
    public void onPreparedSettle(LogRecord.PreparedSettle settle) {
        MessageQueue queue = directory.queue(settle.queue());
        if (queue != null) {
            queue.reserve(settle.entries());
            preparing(settle.branch()).settles().add(new PreparedBranch.Settle(queue, settle.entries()));
        }
    }

    @Override
    public void onBranchShared(LogRecord.BranchShared part) {
        shared.computeIfAbsent(part.branch(), id -> new LinkedHashMap<>()).put(part.connection(), part.starts());
    }

    @Override
    public void onBranchPrepared(LogRecord.BranchPrepared prepared) {
        shared.remove(prepared.branch());
        preparing(prepared.branch()).prepared(directory.nowMs());
    }

    @Override
    public void onBranchCommitted(LogRecord.BranchCommitted committed) {
        shared.remove(committed.branch());
        PreparedBranch branch = branches.remove(committed.branch());
        finished.put(committed.branch(), true);
        if (branch == null) {
            return;
        }
        int index = 0;
        for (PreparedBranch.Send send : branch.sends()) {
            Content content = live ? new Content(send.envelope()) : null;
            for (MessageQueue queue : send.queues()) {
                long entry = committed.entries().get(index++);
                if (queue != null && directory.queue(queue.number()) == queue) {
                    queue.add(entry, send.position(), send.envelope(), content);
                }
            }
            letGo(send);
        }
        for (PreparedBranch.Settle settle : branch.settles()) {
            settle.queue().settle(settle.entries());
        }
    }

    @Override
    public void onBranchRolledBack(LogRecord.BranchRolledBack rolledBack) {
        shared.remove(rolledBack.branch());
        PreparedBranch branch = branches.remove(rolledBack.branch());
        finished.put(rolledBack.branch(), false);
        if (branch == null) {
            return;
        }
        branch.sends().forEach(this::letGo);
        for (PreparedBranch.Settle settle : branch.settles()) {
            settle.queue().countAttempt(settle.entries());
            if (live) {
                settle.entries().forEach(settle.queue().redelivery()::giveBack);
            } else {
                settle.entries().forEach(settle.queue().redelivery()::unreserve);
            }
        }
    }

    /** A message of a branch is in its queues, or nowhere. */
    private void letGo(PreparedBranch.Send send) {
        space.released(send.position(), send.envelope().length());
        if (send.body() != null) {
            directory.bodies().release(send.body());
        }
    }

    @Override
    public void onStartedUncleanly(LogRecord.StartedUncleanly started) {
        directory.queues().forEach(MessageQueue::suspectDelivered);
    }

    @Override
    public void onPage(LogRecord.Page page, long position) {
        MessageQueue queue = directory.queue(page.queue());
        boolean isWritten = position != Long.MAX_VALUE;
        if (queue == null || !isWritten) {
            return;
        }
        StoredPage stored = new StoredPage(page.first(), page.last(), page.entries(), position);
        if (live) {
            queue.backlog().stored(page.priority(), true, stored);
        } else {
            queue.backlog().replayPage(page.priority(), stored);
        }
    }

    @Override
    public void onMoved(LogRecord.Moved moved, long position) {
        int priority = Envelope.of(moved.envelope()).priority();
        for (Target target : moved.targets()) {
            MessageQueue queue = directory.queue(target.queue());
            if (queue != null) {
                queue.backlog().moved(true, priority, target.entry(), moved.from(), position);
            }
        }
    }

    @Override
    public void onPreparedMoved(LogRecord.PreparedMoved moved, long position) {
        PreparedBranch branch = branches.get(moved.branch());
        if (branch != null && branch.moved(moved.from(), position)) {
            int length = Envelope.of(moved.envelope()).length();
            space.released(moved.from(), length);
            space.retained(position, length);
        }
    }

    @Override
    public void onPurged(LogRecord.Purged purged) {
        MessageQueue queue = directory.queue(purged.queue());
        if (queue != null) {
            queue.backlog().purge(true, purged.kept());
        }
    }

    @Override
    public void onPagesLeft(LogRecord.PagesLeft left) {
        left.pages()
                .forEach(page -> space.rubble().add(new Rubble.Leftover(page.position(), page.bytes(), page.first())));
    }

    @Override
    public void onBranchResolved(LogRecord.BranchResolved byHand) {
        resolved.put(byHand.branch(), byHand.committed());
    }

    @Override
    public void onBranchForgotten(LogRecord.BranchForgotten forgotten) {
        resolved.remove(forgotten.branch());
        finished.remove(forgotten.branch());
    }

    /** Says what is known while the broker runs; a start begins with it, whatever was read before. */
    @Override
    public void onBaseline(LogRecord.Baseline baseline) {
        if (!live) {
            directory.clear();
            connections.clear();
            connectionsById.clear();
            expired.clear();
            branches.clear();
            finished.clear();
            resolved.clear();
            space.rubble().clear();
            shared.clear();
            new Baseline(this).read(baseline.state());
        }
    }

    /** What a baseline says with records of its own, besides its lists. */
    List<LogRecord> remarks() {
        List<LogRecord> remarks = new ArrayList<>();
        resolved.forEach((id, committed) -> remarks.add(new LogRecord.BranchResolved(id, committed)));
        if (space.rubble().count() > 0) {
            remarks.add(new LogRecord.PagesLeft(space.rubble().all().stream()
                    .map(page -> new LogRecord.PageRef(page.position(), page.bytes(), page.first()))
                    .toList()));
        }
        return remarks;
    }

    /** All that is durable, as the record that a start begins with. */
    public byte[] baseline() {
        return new Baseline(this).write();
    }

    /** Messages of prepared branches, with where they stand. */
    public List<PreparedBranch.Send> preparedSends() {
        List<PreparedBranch.Send> sends = new ArrayList<>();
        branches.values().forEach(branch -> sends.addAll(branch.sends()));
        return sends;
    }

    /** For a checkpoint: what {@link #onConnectionEnded} remembers. */
    Map<UUID, Boolean> expired() {
        return expired;
    }

    Map<BranchId, Boolean> finished() {
        return finished;
    }

    Map<BranchId, Map<UUID, Long>> shared() {
        return shared;
    }

    Map<BranchId, PreparedBranch> branches() {
        return branches;
    }

    Map<UUID, KnownConnection> connectionsById() {
        return connectionsById;
    }

    void lastConnection(long number) {
        lastConnection = Math.max(lastConnection, number);
    }

    /** What is needed of the log. */
    public SpaceAccount space() {
        return space;
    }

    private PreparedBranch preparing(BranchId id) {
        return branches.computeIfAbsent(id, PreparedBranch::new);
    }

    private static Selector parse(String text) {
        try {
            return text == null ? null : Selector.parse(text);
        } catch (InvalidSelectorSyntaxException invalid) {
            throw new IllegalStateException("the log holds a selector that was valid once: " + text, invalid);
        }
    }

    /** Keeps the newest. */
    private static final class Remembered<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > REMEMBERED_MAX;
        }
    }
}
