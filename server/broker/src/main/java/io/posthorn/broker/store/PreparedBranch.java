package io.posthorn.broker.store;

import io.posthorn.broker.body.BodyHold;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import java.util.ArrayList;
import java.util.List;

/** A branch that is prepared, and waits for its coordinator's word for as long as it takes. */
public final class PreparedBranch {

    private final BranchId id;
    private final List<Send> sends = new ArrayList<>();
    private final List<Settle> settles = new ArrayList<>();
    private boolean prepared;
    private long preparedAtMs;

    PreparedBranch(BranchId id) {
        this.id = id;
    }

    public BranchId id() {
        return id;
    }

    public List<Send> sends() {
        return sends;
    }

    public List<Settle> settles() {
        return settles;
    }

    /** When it was prepared, or when this run began if that was before; ms since 1970. */
    public long preparedAtMs() {
        return preparedAtMs;
    }

    /** Whether a message of it that is in the log goes to a queue, or one of the queue's is acknowledged. */
    public boolean needs(MessageQueue queue) {
        return settles.stream().anyMatch(settle -> settle.queue() == queue)
                || sends.stream().anyMatch(send -> send.queues().contains(queue));
    }

    /** False while the records of its batch are still being replayed. */
    boolean isPrepared() {
        return prepared;
    }

    void prepared(long nowMs) {
        prepared = true;
        preparedAtMs = nowMs;
    }

    /** Whether a message stood there; it stands elsewhere now. */
    boolean moved(long from, long to) {
        boolean found = sends.stream().anyMatch(send -> send.position() == from);
        sends.replaceAll(
                send -> send.position() == from ? new Send(send.queues(), send.envelope(), to, send.body()) : send);
        return found;
    }

    /** A message that becomes visible with the commit; {@code body} is null unless its body is apart. */
    public record Send(List<MessageQueue> queues, Envelope envelope, long position, BodyHold body) {}

    /** Entries that are gone with the commit. */
    public record Settle(MessageQueue queue, EntryRanges entries) {}
}
