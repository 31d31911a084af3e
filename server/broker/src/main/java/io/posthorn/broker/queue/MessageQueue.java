package io.posthorn.broker.queue;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.queue.QueueConsumer.Taken;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * A queue, or the queue behind a subscription: entries by priority and number, each ready, taken by a consumer, or
 * delayed. Runs on the broker's driver. Entries that are in the log come and go only by {@link #add} and {@link
 * #settle}, which replaying a record calls; who holds what is volatile.
 */
public final class MessageQueue {

    static final int LANES = 10;

    /** How far ahead of the last delivery the mark for possibly delivered entries is set. */
    private static final long DELIVERY_MARK_STEP = 4096;

    /** Expired entries nobody asks for are looked for at most this often. */
    private static final long SWEEP_INTERVAL_MS = 1000;

    private final long number;
    private final String label;
    private final boolean durable;
    private final DestinationSettings settings;
    private final Courier courier;
    private final ContentMemory memory;
    private final Lane[] lanes = new Lane[LANES];
    private final List<QueueConsumer> consumers = new ArrayList<>();
    private final PriorityQueue<Due> delayed = new PriorityQueue<>(Comparator.comparingLong(Due::timeMs));
    private final Set<Long> dying = new HashSet<>();
    private final Slot slot = new Slot();
    private long nextEntry = 1;
    private long deliveryMark;
    private long minimumGate = Receiver.NO_GATE;
    private long sweepAtMs = Long.MAX_VALUE;
    private long live;
    private int turn;

    /**
     * @param number the queue's number in the log
     * @param label what it is, for messages
     * @param durable whether its entries may be in the log
     */
    public MessageQueue(
            long number,
            String label,
            boolean durable,
            DestinationSettings settings,
            Courier courier,
            ContentMemory memory) {
        this.number = number;
        this.label = label;
        this.durable = durable;
        this.settings = settings;
        this.courier = courier;
        this.memory = memory;
    }

    public long number() {
        return number;
    }

    public boolean isDurable() {
        return durable;
    }

    public DestinationSettings settings() {
        return settings;
    }

    /** How many messages there are, whoever holds them. */
    public long depth() {
        return live;
    }

    public long ready() {
        long ready = 0;
        for (Lane lane : lanes) {
            ready += lane == null ? 0 : lane.ready();
        }
        return ready;
    }

    /** The number for the next entry. */
    public long nextEntry() {
        return nextEntry++;
    }

    /** Makes the numbers of this run differ from all that an earlier run may have given without writing them down. */
    public void startNumbersAt(long entry) {
        nextEntry = Math.max(nextEntry, entry);
    }

    public long lastNumber() {
        return nextEntry - 1;
    }

    /**
     * Adds an entry; {@link #offer} is for afterwards. {@code position} is where it stands in the log, or {@link
     * #volatilePosition}. A {@code content} of null is read back when it is needed.
     */
    public void add(long entry, long position, Envelope envelope, Content content) {
        nextEntry = Math.max(nextEntry, entry + 1);
        Lane lane = lane(envelope.priority());
        long deliveryTime = envelope.deliveryTime();
        boolean delay = deliveryTime > courier.nowMs();
        lane.append(slot, entry, position, envelope.length(), delay ? EntryBlock.DELAYED : EntryBlock.READY);
        live++;
        if (delay) {
            delayed.add(new Due(deliveryTime, entry));
        }
        if (envelope.expiration() != 0) {
            slot.block.expiration(slot.index, envelope.expiration());
            sweepAtMs = Math.min(sweepAtMs, envelope.expiration());
        }
        if (position >= 0) {
            courier.retained(position);
        }
        if (content != null && (position < 0 || memory.hasRoomFor(content) || (!delay && isAnyoneHungry()))) {
            slot.block.contents[slot.index] = content;
            memory.retain(content);
        }
    }

    /** Adds an entry that a checkpoint held; {@code header} says all but its length. */
    void restore(long entry, long position, Envelope header, int length, int attempts, boolean suspect) {
        add(entry, position, header, null);
        slot.block.lengths[slot.index] = length;
        if (attempts > 0) {
            slot.block.attempts(slot.index, attempts);
        }
        if (suspect) {
            slot.block.suspect(slot.index);
        }
    }

    /** When a delayed entry becomes ready. */
    long dueMs(long entry) {
        for (Due due : delayed) {
            if (due.entry() == entry) {
                return due.timeMs();
            }
        }
        return 0;
    }

    /**
     * Nothing in the log leaves before the log has passed this position. For entries whose record stands in the log long
     * before the one that makes them visible.
     */
    public void gateUntil(long gate) {
        minimumGate = Math.max(minimumGate, gate);
    }

    /** The position of an entry that is not in the log, but must not leave before the log has passed {@code gate}. */
    public static long volatilePosition(long gate) {
        return gate < 0 ? EntryBlock.VOLATILE : -2 - gate;
    }

    /** Gives what is ready to those who can take it, one each in turn. */
    public void offer() {
        boolean given = true;
        while (given && !consumers.isEmpty()) {
            given = false;
            int count = consumers.size();
            for (int step = 0; step < count && ready() > 0; step++) {
                int index = (turn + step) % count;
                if (giveOne(consumers.get(index))) {
                    given = true;
                    turn = index + 1;
                }
            }
            given &= ready() > 0;
        }
        for (int index = 0; index < consumers.size(); index++) {
            answerDrain(consumers.get(index));
        }
    }

    /** Gives a consumer all that it can take. */
    public void pump(QueueConsumer consumer) {
        while (giveOne(consumer)) {
            // each call gave one
        }
        answerDrain(consumer);
    }

    public QueueConsumer attach(long consumerNumber, Receiver receiver, Selector selector, boolean browses) {
        QueueConsumer consumer = new QueueConsumer(this, consumerNumber, receiver, selector, browses);
        consumers.add(consumer);
        return consumer;
    }

    /** The consumer gets nothing any more; what it holds stays with it. */
    public void detach(QueueConsumer consumer) {
        consumers.remove(consumer);
        consumer.detached();
    }

    public int consumerCount() {
        return consumers.size();
    }

    /** Answers once all that is there has been delivered, as far as the credit goes. */
    public void drain(QueueConsumer consumer, long token) {
        consumer.drainToken = token;
        pump(consumer);
    }

    /**
     * Gives a consumer the entries that it says it holds from before, except those that somebody else has or that are
     * gone. The ranges come from a client and may be far too wide.
     */
    public void claim(QueueConsumer consumer, EntryRanges entries) {
        if (entries.count() <= live) {
            entries.forEach(entry -> {
                if (find(entry)) {
                    claim(consumer, slot.block, slot.index);
                }
            });
        } else {
            forEachEntry((block, index) -> {
                if (entries.contains(block.ids[index])) {
                    claim(consumer, block, index);
                }
            });
        }
    }

    /** Takes entries out of circulation without a consumer, for a prepared branch. */
    public void reserve(EntryRanges entries) {
        entries.forEach(entry -> {
            if (find(entry)) {
                slot.block.lane.state(slot.block, slot.index, EntryBlock.TAKEN);
            }
        });
    }

    /** Returns an entry that a consumer holds to its place; {@link #offer} is for afterwards. False when not held. */
    public boolean giveBack(QueueConsumer consumer, long entry) {
        if (!consumer.inFlight.remove(entry)) {
            return false;
        }
        if (!consumer.loading.isEmpty()) {
            consumer.loading.removeIf(taken -> taken.id() == entry);
        }
        giveBack(entry);
        return true;
    }

    /** Returns an entry that {@link #reserve} took out, or that a consumer no longer counts, to its place. */
    public void giveBack(long entry) {
        if (!find(entry)) {
            return;
        }
        int attempts = slot.block.attempts(slot.index);
        boolean limited = settings.redeliveryMax() > 0 && !label.equals(settings.deadLetterQueue());
        if (limited && attempts >= settings.redeliveryMax()) {
            dying.add(entry);
            bury(entry);
        } else {
            makeReady();
        }
    }

    /** Undoes {@link #reserve}, whatever the number of attempts. */
    public void unreserve(long entry) {
        if (find(entry)) {
            makeReady();
        }
    }

    /** Counts one more attempt for each entry, and flags it. */
    public void countAttempt(EntryRanges entries) {
        entries.forEach(entry -> {
            if (find(entry)) {
                slot.block.attempts(slot.index, slot.block.attempts(slot.index) + 1);
                slot.block.suspect(slot.index);
            }
        });
    }

    /** Takes entries out for good. */
    public void settle(EntryRanges entries) {
        entries.forEach(this::settle);
    }

    public void settle(long entry) {
        if (find(entry)) {
            EntryBlock block = slot.block;
            int index = slot.index;
            block.lane.state(block, index, EntryBlock.GONE);
            drop(block, index);
            if (block.isDurable(index)) {
                courier.released(block.positions[index]);
            }
            live--;
            block.lane.removed(block);
        }
    }

    /** Whether an entry is in the log (and not only in memory). */
    public boolean isInLog(long entry) {
        return find(entry) && slot.block.isDurable(slot.index);
    }

    public void deliveryMark(long mark) {
        deliveryMark = Math.max(deliveryMark, mark);
    }

    public long deliveryMark() {
        return deliveryMark;
    }

    /** After an unclean end: whatever may have been delivered is flagged. */
    public void suspectDelivered() {
        forEachEntry((block, index) -> {
            if (block.ids[index] < deliveryMark) {
                block.suspect(index);
            }
        });
    }

    /** A content that was asked for. */
    public void onContent(long entry, Content content) {
        if (find(entry) && slot.block.contents[slot.index] == null) {
            slot.block.contents[slot.index] = content;
            memory.retain(content);
        }
        if (dying.contains(entry)) {
            bury(entry);
        }
        for (int index = 0; index < consumers.size(); index++) {
            QueueConsumer consumer = consumers.get(index);
            deliverLoaded(consumer);
            if (consumer.scan != null && consumer.scan.resume()) {
                pump(consumer);
            } else {
                answerDrain(consumer);
            }
        }
    }

    /** A content that cannot be read: the entry is kept back, untouched, and nobody waits for it. */
    public void onContentFailed(long entry) {
        if (find(entry)) {
            slot.block.lane.state(slot.block, slot.index, EntryBlock.TAKEN);
        }
        for (QueueConsumer consumer : consumers) {
            consumer.inFlight.remove(entry);
            consumer.loading.removeIf(taken -> taken.id() == entry);
            deliverLoaded(consumer);
            if (consumer.scan != null && consumer.scan.resume()) {
                pump(consumer);
            }
        }
    }

    /** Does what is due: delayed entries become ready, expired ones go. */
    public void advance(long nowMs) {
        boolean woken = false;
        while (!delayed.isEmpty() && delayed.peek().timeMs() <= nowMs) {
            long entry = delayed.poll().entry();
            if (find(entry) && slot.block.state(slot.index) == EntryBlock.DELAYED) {
                makeReady();
                woken = true;
            }
        }
        if (sweepAtMs <= nowMs) {
            sweep(nowMs);
        }
        if (woken) {
            offer();
        }
    }

    public long nextDeadlineMs() {
        return Math.min(
                sweepAtMs, delayed.isEmpty() ? Long.MAX_VALUE : delayed.peek().timeMs());
    }

    /** Every entry, for a checkpoint. */
    public void forEachEntry(EntryVisitor visitor) {
        for (Lane lane : lanes) {
            for (EntryBlock block = lane == null ? null : lane.head(); block != null; block = block.next) {
                for (int index = 0; index < block.size; index++) {
                    if (block.state(index) != EntryBlock.GONE) {
                        visitor.visit(block, index);
                    }
                }
            }
        }
    }

    /** Lets go of everything, when the queue is deleted. */
    public void dispose() {
        forEachEntry((block, index) -> {
            drop(block, index);
            if (block.isDurable(index)) {
                courier.released(block.positions[index]);
            }
        });
        Arrays.fill(lanes, null);
        delayed.clear();
        dying.clear();
        live = 0;
    }

    @Override
    public String toString() {
        return label;
    }

    void load(EntryBlock block, int index) {
        courier.load(this, block.ids[index], block.positions[index]);
    }

    /** Forgets a content that can be read back, when memory is short. */
    void unload(EntryBlock block, int index) {
        if (block.isDurable(index) && !memory.hasRoomFor(block.contents[index])) {
            drop(block, index);
        }
    }

    private static void claim(QueueConsumer consumer, EntryBlock block, int index) {
        if (block.state(index) != EntryBlock.TAKEN) {
            block.lane.state(block, index, EntryBlock.TAKEN);
            consumer.inFlight.add(block.ids[index]);
        }
    }

    private boolean giveOne(QueueConsumer consumer) {
        while (consumer.isHungry() && next(consumer)) {
            if (isExpired(slot.block, slot.index)) {
                if (!consumer.browses) {
                    expire(slot.block, slot.index);
                }
            } else {
                if (consumer.browses) {
                    show(consumer, slot.block, slot.index);
                } else {
                    take(consumer, slot.block, slot.index);
                }
                return true;
            }
        }
        return false;
    }

    private boolean next(QueueConsumer consumer) {
        if (consumer.scan != null) {
            return consumer.scan.find(lanes, slot);
        }
        for (int priority = LANES - 1; priority >= 0; priority--) {
            if (lanes[priority] != null && lanes[priority].firstReady(slot)) {
                return true;
            }
        }
        return false;
    }

    private void take(QueueConsumer consumer, EntryBlock block, int index) {
        block.lane.state(block, index, EntryBlock.TAKEN);
        consumer.inFlight.add(block.ids[index]);
        consumer.use();
        boolean missing = block.contents[index] == null;
        if (missing) {
            load(block, index);
        }
        if (missing || !consumer.loading.isEmpty()) {
            consumer.loading.add(new Taken(block.ids[index], block, index));
        } else {
            deliver(consumer, block, index);
        }
    }

    private void show(QueueConsumer consumer, EntryBlock block, int index) {
        consumer.use();
        consumer.receiver.deliver(consumer, outgoing(block, index, Receiver.NO_GATE));
    }

    private void deliver(QueueConsumer consumer, EntryBlock block, int index) {
        long position = block.positions[index];
        long gate = position >= 0 ? position : position == EntryBlock.VOLATILE ? Receiver.NO_GATE : -2 - position;
        if (position >= 0) {
            if (block.ids[index] >= deliveryMark) {
                gateUntil(courier.raiseDeliveryMark(this, block.ids[index] + DELIVERY_MARK_STEP) - 1);
            }
            gate = Math.max(gate, minimumGate);
        }
        consumer.receiver.deliver(consumer, outgoing(block, index, gate));
        if (position >= 0) {
            drop(block, index);
        }
    }

    private Receiver.Outgoing outgoing(EntryBlock block, int index, long gate) {
        boolean redelivered = block.isSuspect(index);
        int attempts = Math.max(block.attempts(index), redelivered ? 1 : 0);
        return new Receiver.Outgoing(
                block.ids[index], attempts, redelivered, block.contents[index], gate, settings.syncFlush());
    }

    private void deliverLoaded(QueueConsumer consumer) {
        while (!consumer.loading.isEmpty()) {
            Taken first = consumer.loading.peek();
            if (first.block().contents[first.index()] == null) {
                return;
            }
            consumer.loading.poll();
            deliver(consumer, first.block(), first.index());
        }
    }

    private void answerDrain(QueueConsumer consumer) {
        if (consumer.drainToken != QueueConsumer.NO_DRAIN && consumer.isSettled()) {
            long token = consumer.drainToken;
            consumer.drainToken = QueueConsumer.NO_DRAIN;
            consumer.revokeCredit();
            consumer.receiver.drained(consumer, token);
        }
    }

    private void bury(long entry) {
        if (!find(entry)) {
            dying.remove(entry);
            return;
        }
        Content content = slot.block.contents[slot.index];
        if (content == null) {
            load(slot.block, slot.index);
        } else {
            dying.remove(entry);
            courier.deadLetter(this, entry, slot.block.attempts(slot.index), content.envelope());
        }
    }

    private void makeReady() {
        EntryBlock block = slot.block;
        int index = slot.index;
        block.lane.state(block, index, EntryBlock.READY);
        for (int at = 0; at < consumers.size(); at++) {
            if (consumers.get(at).scan != null) {
                consumers.get(at).scan.noticeReady(block, index);
            }
        }
    }

    private boolean isExpired(EntryBlock block, int index) {
        long expiration = block.expiration(index);
        return expiration != 0 && expiration <= courier.nowMs();
    }

    private void expire(EntryBlock block, int index) {
        long entry = block.ids[index];
        if (block.isDurable(index)) {
            courier.settle(this, EntryRanges.of(entry));
        } else {
            settle(entry);
        }
    }

    private void sweep(long nowMs) {
        EntryRanges.Builder logged = new EntryRanges.Builder();
        EntryRanges.Builder volatiles = new EntryRanges.Builder();
        long[] earliest = {Long.MAX_VALUE};
        forEachEntry((block, index) -> {
            long expiration = block.expiration(index);
            boolean idle = block.state(index) == EntryBlock.READY || block.state(index) == EntryBlock.DELAYED;
            if (expiration == 0 || !idle) {
                return;
            }
            if (expiration <= nowMs) {
                (block.isDurable(index) ? logged : volatiles).add(block.ids[index]);
            } else {
                earliest[0] = Math.min(earliest[0], expiration);
            }
        });
        if (!logged.isEmpty()) {
            courier.settle(this, logged.build());
        }
        settle(volatiles.build());
        sweepAtMs = earliest[0] == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(earliest[0], nowMs + SWEEP_INTERVAL_MS);
    }

    private void drop(EntryBlock block, int index) {
        Content content = block.contents[index];
        if (content != null) {
            block.contents[index] = null;
            memory.release(content);
        }
    }

    private boolean isAnyoneHungry() {
        for (int index = 0; index < consumers.size(); index++) {
            if (consumers.get(index).isHungry()) {
                return true;
            }
        }
        return false;
    }

    private boolean find(long entry) {
        for (int priority = LANES - 1; priority >= 0; priority--) {
            if (lanes[priority] != null && lanes[priority].find(slot, entry)) {
                return true;
            }
        }
        return false;
    }

    private Lane lane(int priority) {
        if (lanes[priority] == null) {
            lanes[priority] = new Lane(priority);
        }
        return lanes[priority];
    }

    private record Due(long timeMs, long entry) {}

    /** Sees an entry by its place. */
    interface EntryVisitor {
        void visit(EntryBlock block, int index);
    }
}
