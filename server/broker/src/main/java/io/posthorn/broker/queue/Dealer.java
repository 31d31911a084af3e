package io.posthorn.broker.queue;

import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Gate;
import io.posthorn.broker.lane.Slot;
import io.posthorn.broker.queue.QueueConsumer.Taken;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import io.posthorn.wire.selector.Selector;
import io.posthorn.wire.selector.SelectorIndex;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deals the entries of a queue out to its consumers, one each in turn, as far as their credit goes, and sees to it that
 * each gets its own in order even while some contents are still being read back. Runs on the broker's driver.
 */
public final class Dealer {

    private static final Logger LOG = LoggerFactory.getLogger(Dealer.class);

    /** How far ahead of the last delivery the mark for possibly delivered entries is set. */
    private static final long DELIVERY_MARK_STEP = 4096;

    /** How often it is looked for consumers that leave alone what others could begin with. */
    private static final long LOOK_INTERVAL_MS = 250;

    /** A look that is so late says nothing: this machine may have stood still, with all consumers on it. */
    private static final long LOOK_LATE_MS = 100;

    private final MessageQueue queue;
    private final Entries entries;
    private final Courier courier;
    private final List<QueueConsumer> consumers = new ArrayList<>();

    /** Those with a selector, and browsers. */
    private final SelectorIndex<QueueConsumer> seekers = new SelectorIndex<>();

    private final Rota rota = new Rota();

    /** What became ready, while those are told who may want it. */
    private final Slot noticed = new Slot();

    private final Consumer<QueueConsumer> notifier = this::notice;
    private long minimumGate = Receiver.NO_GATE;
    private int scans;
    private boolean draining;
    private long lookAtMs = Long.MAX_VALUE;

    Dealer(MessageQueue queue, Entries entries, Courier courier) {
        this.queue = queue;
        this.entries = entries;
        this.courier = courier;
    }

    public QueueConsumer attach(long consumerNumber, Receiver receiver, Selector selector, boolean browses) {
        QueueConsumer consumer = new QueueConsumer(queue, consumerNumber, receiver, selector, browses);
        consumer.place = consumers.size();
        consumers.add(consumer);
        if (consumer.scan != null) {
            scans++;
            seekers.add(keyed(consumer), consumer);
        }
        planLook();
        return consumer;
    }

    /** The consumer gets nothing any more; what it holds stays with it. */
    public void detach(QueueConsumer consumer) {
        if (consumers.remove(consumer)) {
            if (consumer.scan != null) {
                scans--;
                seekers.remove(keyed(consumer), consumer);
            }
            rota.renew();
        }
        consumer.detached();
    }

    /** What a browser has shown is its own affair: it looks at whatever comes. */
    private static Selector keyed(QueueConsumer consumer) {
        return consumer.browses ? null : consumer.selector;
    }

    public int consumerCount() {
        return consumers.size();
    }

    /** Gives a consumer all that it can take. */
    public void pump(QueueConsumer consumer) {
        boolean given = true;
        while (given) {
            given = giveOne(consumer);
        }
        answerDrain(consumer);
    }

    /** As {@link #pump}, for a consumer that could not take anything for a while. */
    public void goOnWith(QueueConsumer consumer) {
        rota.rise(consumer);
        pump(consumer);
    }

    /** Answers once all that is there has been delivered, as far as the credit goes. */
    public void drain(QueueConsumer consumer, long token) {
        consumer.drainToken = token;
        draining = true;
        pump(consumer);
    }

    /** Gives what is ready to those who can take it, one each in turn. */
    void offer() {
        rota.begin();
        QueueConsumer consumer = entries.ready() > 0 ? rota.next() : null;
        while (consumer != null) {
            if (!giveOne(consumer)) {
                rota.rest(consumer);
            }
            consumer = entries.ready() > 0 ? rota.next() : null;
        }
        if (draining) {
            answerDrains();
        }
    }

    /** The consumer was given credit. */
    void mayTake(QueueConsumer consumer) {
        if (!consumer.isDetached()) {
            rota.rise(consumer);
        }
    }

    /** Whether somebody would take something now; looks at none of those that rest. */
    boolean isAnyoneHungry() {
        return rota.isAnyHungry();
    }

    boolean hasScans() {
        return scans > 0;
    }

    /** When {@link #look} is due; {@link Long#MAX_VALUE} for never. */
    long lookAtMs() {
        return lookAtMs;
    }

    /**
     * Where a consumer is in want and another has left alone for a whole interval what it was sent, the other is asked to
     * give back what it has not started; of several the one that holds most, as one is enough for now. Looks again while
     * anybody holds something and was not asked. Whoever gets what is given back may have had later ones before, so this is
     * for those who really leave it alone.
     */
    void look(long nowMs) {
        if (nowMs < lookAtMs) {
            return;
        }
        boolean late = nowMs - lookAtMs > LOOK_LATE_MS;
        lookAtMs = Long.MAX_VALUE;
        boolean again = false;
        QueueConsumer idle = null;
        for (int index = 0; index < consumers.size(); index++) {
            QueueConsumer consumer = consumers.get(index);
            boolean leftAlone = !late && consumer.testLeftAlone();
            if (consumer.mayHaveUnstarted()) {
                again = true;
                boolean isFuller = idle == null
                        || consumer.inFlight().count() > idle.inFlight().count();
                idle = leftAlone && isFuller ? consumer : idle;
            }
        }
        if (idle != null && isAnyInWantBut(idle)) {
            idle.recall();
        }
        if (again) {
            planLook();
        }
    }

    /**
     * An entry was given back. What comes behind it and was not started is asked for, so that the order is right. Of a sole
     * consumer only: among several there is no order that one of them could see.
     */
    void noticeReturned(EntryBlock block, int index) {
        if (consumers.size() == 1
                && consumers.get(0).mayHaveUnstarted()
                && consumers.get(0).inFlight().hasHeldBehind(block.id(index))) {
            consumers.get(0).recall();
        }
        noticeReady(block, index);
    }

    private boolean isAnyInWantBut(QueueConsumer other) {
        for (int index = 0; index < consumers.size(); index++) {
            if (consumers.get(index) != other && consumers.get(index).isInWant()) {
                return true;
            }
        }
        return false;
    }

    /** A consumer may have been sent something that it leaves alone. */
    void planLook() {
        if (lookAtMs == Long.MAX_VALUE && consumers.size() > 1) {
            lookAtMs = courier.nowMs() + LOOK_INTERVAL_MS;
            queue.schedule();
        }
    }

    /** Nothing in the log leaves before the log has passed this position. */
    void gateUntil(long gate) {
        minimumGate = Math.max(minimumGate, gate);
    }

    /** An entry became ready again. */
    void noticeReady(EntryBlock block, int index) {
        Content content = block.content(index);
        noticeReady(block, index, content == null ? null : content.envelope());
    }

    /** An entry became ready, for the first time or again. Its {@code envelope} is null when it is not in memory. */
    void noticeReady(EntryBlock block, int index, Envelope envelope) {
        if (scans == 0) {
            return;
        }
        noticed.set(block, index);
        try {
            if (envelope != null) {
                seekers.forEachCandidate(envelope, notifier);
                return;
            }
        } catch (MalformedException malformed) {
            LOG.debug("A message of {} cannot be looked at: {}", queue, malformed.getMessage());
        }
        for (int at = 0; at < consumers.size(); at++) {
            if (consumers.get(at).scan != null) {
                notice(consumers.get(at));
            }
        }
    }

    private void notice(QueueConsumer consumer) {
        consumer.scan.notice(noticed.block(), noticed.index());
        rota.rise(consumer);
    }

    /** An entry cannot be read: whoever was to have it goes on without it. */
    void forgo(long entry) {
        for (QueueConsumer consumer : consumers) {
            if (consumer.letGo(entry)) {
                consumer.unuse();
            }
        }
    }

    /** A content that consumers may wait for is there, or never will be. True when one of them looked for it and goes on. */
    boolean goOn() {
        boolean resumed = false;
        for (int index = 0; index < consumers.size(); index++) {
            QueueConsumer consumer = consumers.get(index);
            deliverLoaded(consumer);
            if (consumer.scan != null && consumer.scan.resume()) {
                resumed = true;
                pump(consumer);
            } else {
                answerDrain(consumer);
            }
        }
        return resumed;
    }

    private boolean giveOne(QueueConsumer consumer) {
        while (consumer.canTake() && findNext(consumer)) {
            EntryBlock block = entries.found.block();
            int index = entries.found.index();
            if (!isExpired(block, index)) {
                if (consumer.browses) {
                    show(consumer, block, index);
                } else {
                    take(consumer, block, index);
                }
                return true;
            }
            if (!consumer.browses) {
                queue.backlog().expire(block, EntryRanges.of(block.id(index)));
            }
        }
        return false;
    }

    private boolean findNext(QueueConsumer consumer) {
        return consumer.scan != null ? consumer.scan.find(entries.found) : entries.firstReady();
    }

    /**
     * What the client of the consumer has in its hands from an earlier run is only held for it, and not sent once more: an
     * acknowledgement could not be told to be of the one or of the other.
     */
    private void take(QueueConsumer consumer, EntryBlock block, int index) {
        entries.state(block, index, EntryBlock.TAKEN);
        entries.pace.reached(block.id(index));
        consumer.hold(block.id(index));
        if (consumer.isMissing(block.id(index))) {
            consumer.missNoMore(EntryRanges.of(block.id(index)));
            return;
        }
        consumer.use();
        planLook();
        boolean missing = block.content(index) == null;
        if (missing) {
            queue.load(block, index);
        }
        if (missing || !consumer.loading.isEmpty()) {
            consumer.loading.add(Taken.of(block, index));
        } else {
            deliver(consumer, block, index);
        }
    }

    private void show(QueueConsumer consumer, EntryBlock block, int index) {
        consumer.use();
        consumer.receiver.deliver(consumer, outgoing(block, index));
        entries.contents().unload(block, index);
    }

    private void deliver(QueueConsumer consumer, EntryBlock block, int index) {
        if (block.isDurable() && block.id(index) >= queue.deliveryMark()) {
            gateUntil(courier.raiseDeliveryMark(queue, block.id(index) + DELIVERY_MARK_STEP) - 1);
        }
        consumer.receiver.deliver(consumer, outgoing(block, index));
        if (block.canReadBack(index)) {
            entries.contents().drop(block, index);
        }
    }

    private Receiver.Outgoing outgoing(EntryBlock block, int index) {
        boolean redelivered = entries.isSuspect(block, index);
        int attempts = Math.max(block.attempts(index), redelivered ? 1 : 0);
        boolean synced = queue.settings().syncFlush();
        return new Receiver.Outgoing(
                block.id(index), attempts, redelivered, block.content(index), gate(block, index), synced);
    }

    /** What the log must have passed before the entry may leave. */
    private long gate(EntryBlock block, int index) {
        long position = block.position(index);
        if (block.isDurable()) {
            return Math.max(position, minimumGate);
        }
        return Gate.of(position);
    }

    private void deliverLoaded(QueueConsumer consumer) {
        while (!consumer.loading.isEmpty()) {
            Taken first = consumer.loading.peek();
            if (first.block().content(first.index()) == null) {
                return;
            }
            consumer.loading.poll();
            first.release();
            deliver(consumer, first.block(), first.index());
        }
    }

    private void answerDrains() {
        draining = false;
        for (int index = 0; index < consumers.size(); index++) {
            answerDrain(consumers.get(index));
            draining |= consumers.get(index).drainToken != QueueConsumer.NO_DRAIN;
        }
    }

    private void answerDrain(QueueConsumer consumer) {
        if (consumer.drainToken != QueueConsumer.NO_DRAIN && consumer.isSettled()) {
            long token = consumer.drainToken;
            consumer.drainToken = QueueConsumer.NO_DRAIN;
            consumer.drained();
            consumer.receiver.drained(consumer, token);
        }
    }

    private boolean isExpired(EntryBlock block, int index) {
        long expiration = block.expiration(index);
        return expiration != 0 && expiration <= courier.nowMs();
    }

    /**
     * Whose turn it is among those that may be able to take something. Who turned out not to be rests until it is given credit,
     * its socket is free again, or something becomes ready that it may want: so a message costs a look at few consumers,
     * however many there are.
     */
    private final class Rota {
        /** Consumers that take what is first, by their places; all that have credit, at least. */
        private final BitSet takers = new BitSet();

        /** Consumers with a scan; all that have credit and have not come to the end, at least. */
        private final BitSet seekers = new BitSet();

        private int turn;
        private boolean nothingFirst;

        /** Everybody is asked anew, whoever rests. */
        void renew() {
            takers.clear();
            seekers.clear();
            for (int place = 0; place < consumers.size(); place++) {
                consumers.get(place).place = place;
                rise(consumers.get(place));
            }
        }

        void rise(QueueConsumer consumer) {
            (consumer.scan == null ? takers : seekers).set(consumer.place);
        }

        /** What is first may have become another entry. */
        void begin() {
            nothingFirst = false;
        }

        /** The consumer could not take anything. */
        void rest(QueueConsumer consumer) {
            if (consumer.scan != null) {
                seekers.clear(consumer.place);
            } else if (consumer.canTake()) {
                nothingFirst = true; // for none of them, and none of them rests
            } else {
                takers.clear(consumer.place);
            }
        }

        boolean isAnyHungry() {
            return isAnyHungry(takers) || isAnyHungry(seekers);
        }

        private boolean isAnyHungry(BitSet of) {
            for (int place = of.nextSetBit(0); place >= 0; place = of.nextSetBit(place + 1)) {
                if (consumers.get(place).isHungry()) {
                    return true;
                }
            }
            return false;
        }

        /** Null when all rest. */
        QueueConsumer next() {
            int next = nearer(nothingFirst ? -1 : from(takers), from(seekers));
            if (next < 0) {
                return null;
            }
            turn = next + 1;
            return consumers.get(next);
        }

        private int from(BitSet of) {
            int place = of.nextSetBit(turn);
            return place < 0 ? of.nextSetBit(0) : place;
        }

        /** Of two places the one that comes first, going round from where it was somebody's turn last; -1 for none. */
        private int nearer(int one, int other) {
            if (one < 0 || other < 0) {
                return Math.max(one, other);
            }
            boolean sameSide = one >= turn == other >= turn;
            return sameSide ? Math.min(one, other) : Math.max(one, other);
        }
    }
}
