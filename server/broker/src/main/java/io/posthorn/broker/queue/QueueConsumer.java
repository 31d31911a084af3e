package io.posthorn.broker.queue;

import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayDeque;

/**
 * One consumer or browser of a queue: its credit and what it holds. Runs on the broker's driver.
 */
public final class QueueConsumer {

    /** Nobody leaves alone what it was sent first before so many looks: the application may still be starting. */
    private static final int FIRST_LOOKS = 4;

    /** No client waits for the answer to a drain. */
    static final long NO_DRAIN = -1;

    final Receiver receiver;
    final Selector selector;
    final boolean browses;

    /** Entries that are this consumer's, in order, whose contents are still being read back. */
    final ArrayDeque<Taken> loading = new ArrayDeque<>();

    /** How far it has looked; null for a consumer without selector, which takes what is first. */
    final Scan scan;

    /** Where it stands among the consumers of its queue; kept by the dealer. */
    int place;

    long drainToken = NO_DRAIN;
    private final MessageQueue queue;
    private final long number;
    private final InFlight inFlight = new InFlight();

    /** What the client was handed in an earlier run and believes to hold, while somebody else has it, or had it last. */
    private EntryRanges missing = EntryRanges.NONE;

    private boolean detached;
    private long generation;
    private long limit;
    private long used;

    /** How often it was looked since anything was heard of it, or sent to it. */
    private int looks;

    /** Whether it has ever been done with something. */
    private boolean begun;

    /** Whether it was asked to give back what it has not started, and nothing was heard of it since. */
    private boolean recalled;

    /** Whether it asked for more, and there was nothing. */
    private boolean askedInVain;

    QueueConsumer(MessageQueue queue, long number, Receiver receiver, Selector selector, boolean browses) {
        this.queue = queue;
        this.number = number;
        this.receiver = receiver;
        this.selector = selector;
        this.browses = browses;
        this.scan = selector != null || browses ? new Scan(this) : null;
    }

    public long number() {
        return number;
    }

    public MessageQueue queue() {
        return queue;
    }

    public long generation() {
        return generation;
    }

    /** Whether it looks and takes nothing. */
    public boolean browses() {
        return browses;
    }

    /** Whether the consumer was closed; it may still hold entries. */
    public boolean isDetached() {
        return detached;
    }

    void detached() {
        detached = true;
        if (scan != null) {
            scan.close();
        }
    }

    /** What it holds; changes only by the queue, and by {@link #letGo}. */
    public InFlight inFlight() {
        return inFlight;
    }

    /** Whether anything of what it holds can have reached the client. */
    public boolean hasDelivered() {
        return !inFlight.isEmpty() && (loading.isEmpty() || loading.peek().id() != inFlight.oldest());
    }

    /** Takes out what the consumer is done with, wherever it goes now. */
    public void letGo(EntryRanges entries) {
        touch();
        begun = true;
        inFlight.removeAll(entries);
        if (!loading.isEmpty()) {
            loading.removeIf(taken -> entries.contains(taken.id()) && taken.release());
        }
    }

    /** The same for one entry; false when it is not held. */
    boolean letGo(long entry) {
        boolean held = inFlight.remove(entry);
        if (held && !loading.isEmpty()) {
            loading.removeIf(taken -> taken.id() == entry && taken.release());
        }
        return held;
    }

    void hold(long entry) {
        touch();
        inFlight.add(entry);
    }

    /** The client believes to hold these, and does not. */
    public void miss(EntryRanges entries) {
        missing = entries;
    }

    /** The client acknowledged these, whether it held them or not. */
    public void missNoMore(EntryRanges entries) {
        if (isMissingAny()) {
            missing = missing.without(entries);
        }
    }

    public boolean isMissingAny() {
        return !missing.isEmpty();
    }

    boolean isMissing(long entry) {
        return isMissingAny() && missing.contains(entry);
    }

    /**
     * Opens a new generation without credit. What was still being read back is not on its way any more; should it stay with
     * the consumer, then because the client has it from an earlier run.
     */
    public void restart(long newGeneration) {
        touch();
        generation = newGeneration;
        loading.removeIf(Taken::release);
        limit = 0;
        used = 0;
        drainToken = NO_DRAIN;
    }

    /** Takes the credit away until more is granted, as nobody is there to receive. */
    public void suspend() {
        revokeCredit();
        drainToken = NO_DRAIN;
    }

    /** Raises the limit of this generation; an older frame, or a lower limit, changes nothing. */
    public void grant(long ofGeneration, long newLimit) {
        if (ofGeneration == generation && newLimit > limit) {
            touch();
            limit = newLimit;
            queue.dealer().mayTake(this);
        }
    }

    boolean isHungry() {
        return used < limit && (scan == null || !scan.isStalled());
    }

    /** Whether something can be delivered to it now. */
    boolean canTake() {
        return isHungry() && !receiver.isFull();
    }

    void use() {
        used++;
        askedInVain = false;
    }

    /** An entry that was counted does not come after all. */
    void unuse() {
        used = Math.max(0, used - 1);
        queue.dealer().mayTake(this);
    }

    void revokeCredit() {
        limit = used;
    }

    /** There was nothing more for a client that asked. */
    void drained() {
        askedInVain = isHungry();
        revokeCredit();
    }

    /** Whether it would take what others leave alone. */
    boolean isInWant() {
        return !browses && (isHungry() || askedInVain);
    }

    /** Whether the client may have something of this generation that the application has not begun with. */
    boolean mayHaveUnstarted() {
        return used > 0 && !inFlight.isEmpty() && !browses && !recalled;
    }

    /** Whether nothing was heard of it, nor sent to it, since the last call, or the last few. */
    boolean testLeftAlone() {
        looks++;
        return looks > (begun ? 1 : FIRST_LOOKS);
    }

    void recall() {
        recalled = true;
        receiver.recall(this);
    }

    private void touch() {
        looks = 0;
        if (recalled) {
            recalled = false;
            queue.dealer().planLook();
        }
    }

    /** Whether neither what is on its way from the disk nor a full socket keeps the consumer waiting. */
    boolean isSettled() {
        boolean waits =
                scan != null ? scan.isStalled() : isHungry() && queue.entries().isPageAwaited();
        boolean held = isHungry() && receiver.isFull();
        return loading.isEmpty() && !waits && !held;
    }

    /** An entry that was taken before its content was there; its block is held. */
    record Taken(long id, EntryBlock block, int index) {

        static Taken of(EntryBlock block, int index) {
            block.hold();
            return new Taken(block.id(index), block, index);
        }

        boolean release() {
            block.release();
            return true;
        }
    }
}
