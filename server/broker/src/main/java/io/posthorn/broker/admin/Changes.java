package io.posthorn.broker.admin;

import io.posthorn.broker.connection.Registry;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.Subscription;
import io.posthorn.broker.transaction.Branches;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders of an operator. Each is decided, recorded and replayed at once, or refused and has no effect. */
public final class Changes {

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private final DurableState state;
    private final Recorder recorder;
    private final Branches branches;
    private final Registry registry;

    Changes(DurableState state, Recorder recorder, Branches branches, Registry registry) {
        this.state = state;
        this.recorder = recorder;
        this.branches = branches;
        this.registry = registry;
    }

    /** Makes a queue or topic; one that is there already is no error, and false is the result. */
    public Done<Boolean> create(Address address) throws Refusal {
        if (address.kind().isTemporary()) {
            throw new Refusal(ErrorCode.INVALID_DESTINATION, "only a connection can make " + address);
        }
        if (address.name().isBlank() || address.name().length() > Address.NAME_LENGTH_MAX) {
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION,
                    "a destination's name has 1 to " + Address.NAME_LENGTH_MAX + " characters, not "
                            + address.name().length());
        }
        if (state.directory().find(address) != null) {
            return new Done<>(Done.AT_ONCE, false);
        }
        recorder.add(new LogRecord.DestinationCreated(state.directory().nextNumber(), address));
        LOG.info("An operator creates {}", address);
        return new Done<>(recorder.commit(Flush.SYNC) - 1, true);
    }

    /**
     * Deletes a queue or topic for good; how many messages went with it is the result. Refused as long as anybody consumes
     * from it, a topic has durable subscriptions, or a prepared transaction needs it; and with messages in it, unless {@code
     * withMessages}.
     */
    public Done<Long> drop(Address address, boolean withMessages) throws Refusal {
        Destination destination = find(address);
        if (destination.owner() != null) {
            throw new Refusal(ErrorCode.ILLEGAL_STATE, address + " belongs to a connection, and goes with it");
        }
        if (destination.queue() == null) {
            for (Subscription subscription : destination.subscriptions()) {
                throw new Refusal(
                        ErrorCode.ILLEGAL_STATE,
                        address + " has " + destination.subscriptions().size() + " subscriptions, such as "
                                + subscription.queue() + "; drop them first, or close their consumers");
            }
            return delete(destination.number(), address.toString(), 0);
        }
        checkUnused(destination.queue(), address.toString());
        long depth = destination.queue().depth();
        if (depth > 0 && !withMessages) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    address + " holds " + depth
                            + " messages; purge it first, or say that they may go with it (--force)");
        }
        return delete(destination.number(), address.toString(), depth);
    }

    /** Deletes a durable subscription with all that it holds, if nobody consumes from it. */
    public Done<Long> drop(SubscriptionId id) throws Refusal {
        MessageQueue queue = find(id).queue();
        checkUnused(queue, id.toString());
        return delete(queue.number(), id.toString(), queue.depth());
    }

    /** Takes all messages out of a queue but those that somebody holds; how many is the result. */
    public Done<Long> purge(Address address) throws Refusal {
        Destination destination = find(address);
        if (destination.queue() == null) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    address + " holds no messages itself; its subscriptions do, which can be purged");
        }
        return purge(destination.queue());
    }

    public Done<Long> purge(SubscriptionId id) throws Refusal {
        return purge(find(id).queue());
    }

    private Done<Long> purge(MessageQueue queue) {
        long before = queue.depth();
        EntryRanges unlogged = queue.backlog().taken(false);
        if (queue.isDurable()) {
            recorder.add(new LogRecord.Purged(queue.number(), queue.backlog().taken(true)));
        }
        long end = Decision.of(Flush.SYNC, gate -> queue.backlog().purge(false, unlogged))
                .carryOut(recorder);
        queue.backlog().purged();
        long gone = before - queue.depth();
        LOG.info("An operator purges {} of {} messages; {} are held and stay", queue, gone, queue.depth());
        return new Done<>(end - 1, gone);
    }

    /**
     * Decides a prepared branch in the place of its coordinator. That is remembered until the coordinator forgets the branch
     * (or {@link #forget}): it is told what was decided whatever it asks for.
     */
    public Done<Boolean> resolve(BranchId id, boolean commit) throws Refusal {
        Decision decision = branches.resolve(id, commit);
        LOG.warn("An operator {} the prepared branch {}", commit ? "commits" : "rolls back", id);
        return new Done<>(decision.carryOut(recorder) - 1, commit);
    }

    /** Forgets what an operator decided about a branch whose coordinator will never ask. */
    public Done<Boolean> forget(BranchId id) throws Refusal {
        return new Done<>(branches.forget(id).carryOut(recorder) - 1, true);
    }

    /** Ends a connection for good: what it holds goes to others at once, and its client cannot resume it. */
    public Done<Boolean> closeConnection(UUID id) throws Refusal {
        registry.end(id, "an operator closed the connection");
        return new Done<>(Done.AT_ONCE, true); // after a crash its client, which was told, does not come back either
    }

    private Done<Long> delete(long number, String what, long messages) {
        recorder.add(new LogRecord.QueueDeleted(number));
        LOG.info("An operator drops {} with {} messages", what, messages);
        return new Done<>(recorder.commit(Flush.SYNC) - 1, messages);
    }

    private void checkUnused(MessageQueue queue, String what) throws Refusal {
        int consumers = queue.dealer().consumerCount();
        if (consumers > 0) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    what + " has " + consumers + " consumers or browsers; close them, or their connections, first");
        }
        BranchId branch = branches.neededBy(queue);
        if (branch != null) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    "the prepared transaction " + branch + " needs " + what + "; it must be decided first");
        }
    }

    private Destination find(Address address) throws Refusal {
        Destination destination = state.directory().find(address);
        if (destination == null) {
            throw new Refusal(ErrorCode.INVALID_DESTINATION, "there is no " + address);
        }
        return destination;
    }

    private Subscription find(SubscriptionId id) throws Refusal {
        Subscription subscription = state.directory().durable(id.key());
        if (subscription == null) {
            throw new Refusal(ErrorCode.INVALID_DESTINATION, "there is no " + id);
        }
        return subscription;
    }
}
