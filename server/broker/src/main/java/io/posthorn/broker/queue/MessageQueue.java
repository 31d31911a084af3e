package io.posthorn.broker.queue;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.queue.QueueConsumer.Taken;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A queue, or the queue behind a subscription: its entries, each ready, taken by a consumer, or delayed, and who gets which.
 * Runs on the broker's driver. Entries that are in the log come and go only by {@link #add} and {@link #settle}, which
 * replaying a record calls; who holds what is volatile.
 */
public final class MessageQueue {

    static final int LANES = 10;

    /** How far ahead of the last delivery the mark for possibly delivered entries is set. */
    private static final long DELIVERY_MARK_STEP = 4096;

    private final long number;
    private final String label;
    private final boolean durable;
    private final DestinationSettings settings;
    private final Courier courier;
    private final Entries entries;
    private final Timetable timetable = new Timetable();
    private final List<QueueConsumer> consumers = new ArrayList<>();
    private final Set<Long> dying = new HashSet<>();
    private long nextEntry = 1;
    private long deliveryMark;
    private long minimumGate = Receiver.NO_GATE;
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
        this.entries = new Entries(courier, memory);
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
        return entries.live();
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
        boolean delay = envelope.deliveryTime() > courier.nowMs();
        entries.add(entry, position, envelope, delay ? EntryBlock.DELAYED : EntryBlock.READY);
        if (delay) {
            timetable.delay(entry, envelope.deliveryTime());
        }
        if (envelope.expiration() != 0) {
            timetable.expires(envelope.expiration());
        }
        if (content != null) {
            entries.keep(entries.found.block, entries.found.index, content, !delay && isAnyoneHungry());
        }
    }

    /** Adds an entry that a checkpoint held; {@code header} says all but its length. */
    void restore(long entry, long position, Envelope header, int length, int attempts, boolean suspect) {
        add(entry, position, header, null);
        EntryBlock block = entries.found.block;
        int index = entries.found.index;
        block.lengths[index] = length;
        if (attempts > 0) {
            block.attempts(index, attempts);
        }
        if (suspect) {
            block.suspect(index);
        }
    }

    /** When a delayed entry becomes ready. */
    long dueMs(long entry) {
        return timetable.dueMs(entry);
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
        while (given && entries.ready() > 0) {
            given = false;
            int count = consumers.size();
            for (int step = 0; step < count && entries.ready() > 0; step++) {
                int index = (turn + step) % count;
                if (giveOne(consumers.get(index))) {
                    given = true;
                    turn = index + 1;
                    break;
                }
            }
        }
        for (int index = 0; index < consumers.size(); index++) {
            answerDrain(consumers.get(index));
        }
    }

    /** Gives a consumer all that it can take. */
    public void pump(QueueConsumer consumer) {
        boolean given = true;
        while (given) {
            given = giveOne(consumer);
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
    public void claim(QueueConsumer consumer, EntryRanges claimed) {
        if (claimed.count() <= entries.live()) {
            claimed.forEach(entry -> {
                if (entries.find(entry)) {
                    claim(consumer, entries.found.block, entries.found.index);
                }
            });
        } else {
            entries.forEach((block, index) -> {
                if (claimed.contains(block.ids[index])) {
                    claim(consumer, block, index);
                }
            });
        }
    }

    /** Takes entries out of circulation without a consumer, for a prepared branch. */
    public void reserve(EntryRanges reserved) {
        reserved.forEach(entry -> {
            if (entries.find(entry)) {
                entries.state(entries.found.block, entries.found.index, EntryBlock.TAKEN);
            }
        });
    }

    /** Undoes {@link #reserve}, whatever the number of attempts. */
    public void unreserve(long entry) {
        if (entries.find(entry)) {
            makeReady();
        }
    }

    /** Returns an entry that a consumer holds to its place; {@link #offer} is for afterwards. */
    public void giveBack(QueueConsumer consumer, long entry) {
        if (consumer.inFlight.remove(entry)) {
            if (!consumer.loading.isEmpty()) {
                consumer.loading.removeIf(taken -> taken.id() == entry);
            }
            giveBack(entry);
        }
    }

    /** Returns an entry that no consumer counts any more to its place, or buries it when it was tried too often. */
    public void giveBack(long entry) {
        if (entries.find(entry)) {
            int attempts = entries.found.block.attempts(entries.found.index);
            boolean limited =
                    settings.redeliveryMax() > 0 && !label.equals("queue '" + settings.deadLetterQueue() + "'");
            if (limited && attempts >= settings.redeliveryMax()) {
                dying.add(entry);
                bury(entry);
            } else {
                makeReady();
            }
        }
    }

    /** Counts one more attempt for each entry, and flags it. */
    public void countAttempt(EntryRanges tried) {
        entries.countAttempt(tried);
    }

    /** Takes entries out for good. */
    public void settle(EntryRanges gone) {
        gone.forEach(entries::settle);
    }

    /** Whether an entry is in the log (and not only in memory). */
    public boolean isInLog(long entry) {
        return entries.find(entry) && entries.found.block.isDurable(entries.found.index);
    }

    public void deliveryMark(long mark) {
        deliveryMark = Math.max(deliveryMark, mark);
    }

    public long deliveryMark() {
        return deliveryMark;
    }

    /** After an unclean end: whatever may have been delivered is flagged. */
    public void suspectDelivered() {
        entries.forEach((block, index) -> {
            if (block.ids[index] < deliveryMark) {
                block.suspect(index);
            }
        });
    }

    /** A content that was asked for. */
    public void onContent(long entry, Content content) {
        if (entries.find(entry)) {
            entries.keep(entries.found.block, entries.found.index, content, true);
        }
        if (dying.contains(entry)) {
            bury(entry);
        }
        goOn();
    }

    /** A content that cannot be read: the entry is kept back, untouched, and nobody waits for it. */
    public void onContentFailed(long entry) {
        if (entries.find(entry)) {
            entries.state(entries.found.block, entries.found.index, EntryBlock.TAKEN);
        }
        for (QueueConsumer consumer : consumers) {
            consumer.inFlight.remove(entry);
            consumer.loading.removeIf(taken -> taken.id() == entry);
        }
        goOn();
    }

    /** Does what is due: delayed entries become ready, expired ones go. */
    public void advance(long nowMs) {
        boolean woken = false;
        while (timetable.isAnyDue(nowMs)) {
            if (entries.find(timetable.takeDue())
                    && entries.found.block.state(entries.found.index) == EntryBlock.DELAYED) {
                makeReady();
                woken = true;
            }
        }
        if (timetable.isSweepDue(nowMs)) {
            Timetable.Expired expired = timetable.sweep(entries, nowMs);
            settle(expired.unlogged());
            if (!expired.logged().isEmpty()) {
                courier.settle(this, expired.logged());
            }
        }
        if (woken) {
            offer();
        }
    }

    public long nextDeadlineMs() {
        return timetable.nextDeadlineMs();
    }

    /** Lets go of everything, when the queue is deleted. */
    public void dispose() {
        entries.dispose();
        timetable.clear();
        dying.clear();
    }

    @Override
    public String toString() {
        return label;
    }

    /** For checkpoints. */
    Entries entries() {
        return entries;
    }

    void load(EntryBlock block, int index) {
        courier.load(this, block.ids[index], block.positions[index]);
    }

    private void claim(QueueConsumer consumer, EntryBlock block, int index) {
        if (block.state(index) != EntryBlock.TAKEN) {
            entries.state(block, index, EntryBlock.TAKEN);
            consumer.inFlight.add(block.ids[index]);
        }
    }

    private boolean giveOne(QueueConsumer consumer) {
        while (consumer.isHungry() && next(consumer)) {
            EntryBlock block = entries.found.block;
            int index = entries.found.index;
            boolean expired = isExpired(block, index);
            if (!expired) {
                if (consumer.browses) {
                    show(consumer, block, index);
                } else {
                    take(consumer, block, index);
                }
                return true;
            }
            if (!consumer.browses) {
                expire(block, index);
            }
        }
        return false;
    }

    private boolean next(QueueConsumer consumer) {
        return consumer.scan != null ? consumer.scan.find(entries.lanes(), entries.found) : entries.firstReady();
    }

    private void take(QueueConsumer consumer, EntryBlock block, int index) {
        entries.state(block, index, EntryBlock.TAKEN);
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
        consumer.receiver.deliver(consumer, outgoing(block, index, gate(block, index)));
    }

    private void deliver(QueueConsumer consumer, EntryBlock block, int index) {
        if (block.isDurable(index) && block.ids[index] >= deliveryMark) {
            gateUntil(courier.raiseDeliveryMark(this, block.ids[index] + DELIVERY_MARK_STEP) - 1);
        }
        consumer.receiver.deliver(consumer, outgoing(block, index, gate(block, index)));
        if (block.isDurable(index)) {
            entries.drop(block, index);
        }
    }

    /** What the log must have passed before the entry may leave. */
    private long gate(EntryBlock block, int index) {
        long position = block.positions[index];
        if (position >= 0) {
            return Math.max(position, minimumGate);
        }
        return position == EntryBlock.VOLATILE ? Receiver.NO_GATE : -2 - position;
    }

    private Receiver.Outgoing outgoing(EntryBlock block, int index, long gate) {
        boolean redelivered = block.isSuspect(index);
        int attempts = Math.max(block.attempts(index), redelivered ? 1 : 0);
        return new Receiver.Outgoing(
                block.ids[index], attempts, redelivered, block.contents[index], gate, settings.syncFlush());
    }

    /** Something that consumers waited for has changed. */
    private void goOn() {
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
        if (!entries.find(entry)) {
            dying.remove(entry);
            return;
        }
        EntryBlock block = entries.found.block;
        int index = entries.found.index;
        Content content = block.contents[index];
        if (content == null) {
            load(block, index);
        } else {
            dying.remove(entry);
            courier.deadLetter(this, entry, block.attempts(index), content.envelope());
        }
    }

    private void makeReady() {
        EntryBlock block = entries.found.block;
        int index = entries.found.index;
        entries.state(block, index, EntryBlock.READY);
        timetable.returned(block.expiration(index));
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
        EntryRanges entry = EntryRanges.of(block.ids[index]);
        if (block.isDurable(index)) {
            courier.settle(this, entry);
        } else {
            settle(entry);
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
}
