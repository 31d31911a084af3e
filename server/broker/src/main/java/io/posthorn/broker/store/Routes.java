package io.posthorn.broker.store;

import io.posthorn.broker.body.LongBodies;
import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.Gate;
import io.posthorn.broker.limit.LimitPolicy;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.LogRecord.Target;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Where one message goes: which queues have it in the log, and which only in memory. Made once for each message of a
 * command; {@link #record} before the commit, {@link #complete} after it.
 */
public final class Routes {

    private final Envelope envelope;
    private final List<MessageQueue> logged = new ArrayList<>(1);
    private final List<MessageQueue> unlogged = new ArrayList<>(1);
    private boolean repeated;

    private Routes(Envelope envelope) {
        this.envelope = envelope;
    }

    /** Finds the queues that a message to this destination goes to, when it comes from this connection. */
    public static Routes of(Destination destination, Envelope envelope, UUID sender, String senderClientId) {
        Routes routes = new Routes(envelope);
        if (destination.queue() != null) {
            routes.add(destination.queue());
        } else {
            List<Subscription> subscriptions = destination.subscriptions();
            for (int index = 0; index < subscriptions.size(); index++) {
                if (subscriptions.get(index).takes(envelope, sender, senderClientId)) {
                    routes.add(subscriptions.get(index).queue());
                }
            }
        }
        return routes;
    }

    /** To one queue, whatever else would take it. */
    public static Routes to(MessageQueue queue, Envelope envelope) {
        Routes routes = new Routes(envelope);
        routes.add(queue);
        return routes;
    }

    /**
     * The message went to an earlier run as well, which may have delivered it. Queues that have it in the log know better: there it
     * is let go only when it is durable, and then it does not come again.
     */
    public Routes repeated(boolean wasRepeated) {
        repeated = wasRepeated;
        return this;
    }

    public Envelope envelope() {
        return envelope;
    }

    /** How much the message counts for in each queue. */
    public long bytes() {
        return LongBodies.bytesOf(envelope);
    }

    public List<MessageQueue> logged() {
        return logged;
    }

    public List<MessageQueue> unlogged() {
        return unlogged;
    }

    /** Whether one of the queues has a limit. */
    public boolean isLimited() {
        return hasLimited(logged) || hasLimited(unlogged);
    }

    private static boolean hasLimited(List<MessageQueue> queues) {
        for (int index = 0; index < queues.size(); index++) {
            if (queues.get(index).fullness() != null) {
                return true;
            }
        }
        return false;
    }

    /** Those that have one. */
    public List<MessageQueue> limited() {
        List<MessageQueue> limited = new ArrayList<>();
        logged.forEach(queue -> addLimited(limited, queue));
        unlogged.forEach(queue -> addLimited(limited, queue));
        return limited;
    }

    private static void addLimited(List<MessageQueue> limited, MessageQueue queue) {
        if (queue.fullness() != null) {
            limited.add(queue);
        }
    }

    /** The message does not go to this queue; false when it would not have anyway. */
    public boolean leaveOut(MessageQueue queue) {
        return logged.remove(queue) | unlogged.remove(queue);
    }

    /** How soon the log must have it. */
    public Flush flush() {
        Flush flush = Flush.LAZY;
        for (int index = 0; index < logged.size(); index++) {
            if (logged.get(index).settings().syncFlush()) {
                return Flush.SYNC;
            }
            flush = Flush.WRITE;
        }
        return flush;
    }

    /** Adds the record that puts the message into its durable queues, if there are any. */
    public void record(Recorder recorder) {
        if (!logged.isEmpty()) {
            List<Target> targets = new ArrayList<>(logged.size());
            for (int index = 0; index < logged.size(); index++) {
                MessageQueue queue = logged.get(index);
                targets.add(new Target(queue.number(), queue.nextEntry()));
            }
            recorder.add(new LogRecord.Published(targets, envelope.bytes()));
        }
    }

    /**
     * Puts the message into the queues that have it in memory only, and offers it in all. {@code gate} is the position that
     * must be durable before the message may leave, or {@link io.posthorn.broker.queue.Receiver#NO_GATE}.
     */
    public void complete(long gate) {
        if (!unlogged.isEmpty()) {
            Content content = new Content(envelope);
            for (int index = 0; index < unlogged.size(); index++) {
                MessageQueue queue = unlogged.get(index);
                long entry = queue.nextEntry();
                queue.add(entry, Gate.position(gate), envelope, content);
                if (repeated) {
                    queue.suspect(EntryRanges.of(entry));
                }
                settleIn(queue);
            }
        }
        for (int index = 0; index < logged.size(); index++) {
            settleIn(logged.get(index));
        }
    }

    private static void settleIn(MessageQueue queue) {
        queue.offer();
        if (queue.fullness() != null && queue.fullness().policy() == LimitPolicy.DROP_OLDEST) {
            queue.backlog().trim();
        }
    }

    private void add(MessageQueue queue) {
        (envelope.persistent() && queue.isDurable() ? logged : unlogged).add(queue);
    }
}
