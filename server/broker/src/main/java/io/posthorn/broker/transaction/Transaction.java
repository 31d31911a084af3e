package io.posthorn.broker.transaction;

import io.posthorn.broker.body.BodyHold;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.Routes;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What was sent and acknowledged in a unit of work that is not decided yet. Volatile: a crash forgets it. */
public final class Transaction {

    private final List<Staged> sends = new ArrayList<>();
    private final Map<MessageQueue, EntryRanges.Builder> settled = new LinkedHashMap<>();
    private final List<BodyHold> bodies = new ArrayList<>(0);
    private String doom;
    private long bytes;

    /** A message, who sent it where, and whether an earlier run may have delivered it. */
    public record Staged(
            Destination destination, Envelope envelope, UUID sender, String senderClientId, boolean repeated) {

        Routes route() {
            return Routes.of(destination, envelope, sender, senderClientId).repeated(repeated);
        }
    }

    /** Adds a message that counts for so many bytes of memory. */
    void send(Staged staged, long itsBytes) {
        sends.add(staged);
        bytes += itsBytes;
    }

    /** How much memory its messages count for. */
    long bytes() {
        return bytes;
    }

    /** The same, of which it counts for nothing any more. */
    long takeBytes() {
        long taken = bytes;
        bytes = 0;
        return taken;
    }

    /** Needs a long body until it is decided. */
    public void keep(BodyHold body) {
        bodies.add(body);
    }

    /** The long bodies that it needs; whoever decides it lets go of them. */
    List<BodyHold> takeBodies() {
        List<BodyHold> taken = List.copyOf(bodies);
        bodies.clear();
        return taken;
    }

    /** Counts an entry as consumed; it is taken out of its consumer's hands already. */
    public void settle(MessageQueue queue, long entry) {
        settled.computeIfAbsent(queue, key -> new EntryRanges.Builder()).add(entry);
    }

    /** Lets the transaction end only by rollback; the first reason counts. */
    public void doom(String reason) {
        if (doom == null) {
            doom = reason;
        }
    }

    /** Whether it is known to end by rollback only. */
    public boolean isDoomed() {
        return doom != null;
    }

    /** Whether something of this queue was acknowledged in it. */
    public boolean settles(MessageQueue queue) {
        return settled.containsKey(queue);
    }

    /** Why it cannot be committed, or null. */
    public String doomed() {
        for (int index = 0; doom == null && index < sends.size(); index++) {
            Destination destination = sends.get(index).destination();
            if (destination.isDeleted() && destination.owner() == null) {
                doom(destination.address() + ", to which a message was sent in it, was dropped by an operator");
            }
        }
        return doom;
    }

    public boolean isEmpty() {
        return sends.isEmpty() && settled.isEmpty() && doom == null;
    }

    /** Forgets its messages. */
    void clearSends() {
        sends.clear();
    }

    /** Forgets all that was done in it, as it is decided; whoever still adds to it does so in vain. */
    void clear() {
        sends.clear();
        settled.clear();
    }

    public List<Staged> sends() {
        return sends;
    }

    /** What was acknowledged, by queue. */
    public Map<MessageQueue, EntryRanges> settled() {
        Map<MessageQueue, EntryRanges> ranges = new LinkedHashMap<>();
        settled.forEach((queue, entries) -> ranges.put(queue, entries.build()));
        return ranges;
    }
}
