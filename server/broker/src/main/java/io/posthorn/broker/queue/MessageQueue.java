package io.posthorn.broker.queue;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.body.LongBodies;
import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.ContentMemory;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Gate;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.lane.Timetable;
import io.posthorn.broker.limit.Fullness;
import io.posthorn.broker.limit.Tally;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;

/**
 * A queue, or the queue behind a subscription: its entries, each ready, taken by a consumer, or delayed; {@link Dealer} says
 * who gets which. Runs on the broker's driver. Entries that are in the log come and go only by {@link #add} and {@link
 * #settle}, which replaying a record calls; who holds what is volatile.
 */
public final class MessageQueue {

    static final int LANES = 10;

    /** How many blocks are looked through for what is due before others have their turn. */
    private static final int LOOKS_MAX = 16;

    private final long number;
    private final String label;
    private final boolean durable;
    private final DestinationSettings settings;
    private final Courier courier;
    private final Entries entries;
    private final Dealer dealer;
    private final Timetable timetable = new Timetable();
    private final Tally tally = new Tally();
    private final Backlog backlog;
    private final LongBodies longBodies = new LongBodies();
    private final Redelivery redelivery;

    /** Null when there is no limit. */
    private final Fullness fullness;

    private long nextEntry = 1;
    private long deliveryMark;
    private long wakeAtMs = Long.MAX_VALUE;
    private boolean disposed;

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
            ContentMemory memory,
            Residency residency) {
        this.number = number;
        this.label = label;
        this.durable = durable;
        this.settings = settings;
        this.courier = courier;
        this.entries = new Entries(this, courier, memory, residency);
        this.dealer = new Dealer(this, entries, courier);
        this.backlog = new Backlog(this, entries, timetable, courier);
        this.redelivery = new Redelivery(this, entries, timetable, courier);
        this.fullness = settings.limit().isNone() ? null : new Fullness(label, settings.limit());
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

    /** Its consumers, and what they can have. */
    public Dealer dealer() {
        return dealer;
    }

    /** Its entries as blocks and pages. */
    public Backlog backlog() {
        return backlog;
    }

    /** What becomes of entries that come back. */
    public Redelivery redelivery() {
        return redelivery;
    }

    /** Whether it is full; null when it has no limit. */
    public Fullness fullness() {
        return fullness;
    }

    /** Which of its messages have a body that is apart. */
    public LongBodies longBodies() {
        return longBodies;
    }

    /** What went out of it other than to a consumer. */
    public Tally tally() {
        return tally;
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
     * Gate#position}. A {@code content} of null is read back when it is needed.
     */
    public void add(long entry, long position, Envelope envelope, Content content) {
        if (disposed) {
            return;
        }
        boolean delayed = envelope.deliveryTime() > courier.nowMs();
        long expiration = envelope.expiration();
        nextEntry = Math.max(nextEntry, entry + 1);
        entries.add(
                entry,
                position,
                envelope.priority(),
                envelope.length(),
                delayed ? EntryBlock.DELAYED : EntryBlock.READY);
        EntryBlock block = entries.found.block();
        int index = entries.found.index();
        backlog.sent(block, index, envelope);
        if (delayed) {
            block.due(index, envelope.deliveryTime());
            timetable.becomesReady(block, envelope.deliveryTime());
        }
        if (expiration != 0) {
            block.expiration(index, expiration);
            timetable.expires(block, expiration);
        }
        if (!block.canReadBack(index)) {
            entries.pace.sent();
        }
        if (content != null) {
            boolean wanted = !delayed && dealer.isAnyoneHungry();
            entries.contents().keep(block, index, content, wanted);
        }
        if (envelope.bodyIsApart()) {
            longBodies.hold(entry, envelope, block.isDurable());
        }
        if (delayed || expiration != 0) {
            schedule();
        }
        if (!delayed) {
            dealer.noticeReady(block, index, envelope);
        }
    }

    /**
     * Nothing in the log leaves before the log has passed this position. For entries whose record stands in the log long
     * before the one that makes them visible.
     */
    public void gateUntil(long gate) {
        dealer.gateUntil(gate);
    }

    /** Gives what is ready to those who can take it. */
    public void offer() {
        dealer.offer();
    }

    /**
     * Gives a consumer the entries that it says it holds from before, except those that somebody else has or that are
     * gone. The ranges come from a client and may be far too wide.
     */
    public void claim(QueueConsumer consumer, EntryRanges claimed) {
        if (claimed.count() <= entries.live()) {
            claimed.forEach(entry -> {
                if (entries.find(entry)) {
                    claim(consumer, entries.found.block(), entries.found.index());
                }
            });
        } else {
            entries.forEach(claimed, (block, index) -> claim(consumer, block, index));
        }
    }

    /** Takes entries out of circulation without a consumer, for a prepared branch. */
    public void reserve(EntryRanges reserved) {
        reserved.forEach(entry -> {
            if (entries.find(entry)) {
                entries.state(entries.found.block(), entries.found.index(), EntryBlock.TAKEN);
            }
        });
    }

    /** Counts one more attempt for each entry, and flags it. */
    public void countAttempt(EntryRanges tried) {
        entries.countAttempt(tried);
    }

    /** Flags entries that may have been seen, without counting it. */
    public void suspect(EntryRanges seen) {
        entries.suspect(seen);
    }

    /** Takes entries out for good. */
    public void settle(EntryRanges gone) {
        if (gone.count() == 1) {
            entries.settle(gone.first(0));
        } else {
            gone.forEach(entries::settle);
        }
        longBodies.release(gone);
        backlog.noticeRoom();
    }

    /** Whether an entry is in the log (and not only in memory). */
    public boolean isInLog(long entry) {
        return entries.find(entry) && entries.found.block().isDurable();
    }

    public void deliveryMark(long mark) {
        deliveryMark = Math.max(deliveryMark, mark);
    }

    /** Entries from here on have not been delivered to anybody. */
    public long deliveryMark() {
        return deliveryMark;
    }

    /** After an unclean end: whatever may have been delivered is flagged. */
    public void suspectDelivered() {
        entries.suspectBelow(deliveryMark);
    }

    /** A content that was asked for. */
    public void onContent(long entry, Content content) {
        if (!findAwaiting(entry)) {
            dealer.goOn();
            return;
        }
        EntryBlock block = entries.found.block();
        int index = entries.found.index();
        boolean wanted = block.state(index) == EntryBlock.TAKEN || dealer.hasScans();
        entries.contents().keep(block, index, content, wanted);
        redelivery.onContent(entry);
        entries.contents().pin(block, index);
        boolean looked = dealer.goOn();
        entries.contents().unpin();
        if (looked && block.isResident()) {
            entries.contents().unload(block, index);
        }
    }

    /** Finds an entry whose content was asked for; whoever wants it keeps it in memory, but for what is to be buried. */
    private boolean findAwaiting(long entry) {
        return redelivery.isDying(entry) ? entries.find(entry) : entries.findResident(entry);
    }

    /** Asks once more for a content that could not be read because it stands elsewhere meanwhile; false when it does not. */
    public boolean reload(long entry, long position) {
        boolean elsewhere = findAwaiting(entry)
                && entries.found.block().canReadBack(entries.found.index())
                && entries.found.block().position(entries.found.index()) != position;
        if (elsewhere) {
            load(entries.found.block(), entries.found.index());
        }
        return elsewhere;
    }

    /** Whether an entry's content is still to be read: whose block left the memory meanwhile nobody waits for. */
    public boolean awaits(long entry) {
        return findAwaiting(entry) && entries.found.block().content(entries.found.index()) == null;
    }

    /** A content that cannot be read: the entry is kept back, untouched, if anybody waits for it. */
    public void onContentFailed(long entry) {
        boolean awaited = awaits(entry);
        if (awaited) {
            entries.state(entries.found.block(), entries.found.index(), EntryBlock.TAKEN);
        }
        if (awaited || !entries.find(entry)) {
            dealer.forgo(entry);
        }
        dealer.goOn();
        offer();
    }

    /** Does what is due: delayed entries become ready, expired ones go, what consumers leave alone is asked back. */
    public void advance(long nowMs) {
        wakeAtMs = Long.MAX_VALUE;
        boolean woken = false;
        EntryBlock due = timetable.takeDue(nowMs);
        for (int looks = 1; due != null; looks++) {
            if (due.isResident()) {
                woken |= backlog.lookThrough(due, nowMs);
            } else {
                due.wakeAtMs(EntryBlock.OVERDUE);
                entries.ask(due);
            }
            due = looks < LOOKS_MAX ? timetable.takeDue(nowMs) : null;
        }
        if (woken) {
            offer();
        }
        dealer.look(nowMs);
        scheduleFrom(nowMs + 1);
    }

    /** Lets go of everything: when the queue is deleted, or, with {@code release} false, when the log is about to tell anew what it holds. */
    public void end(boolean release) {
        disposed = true;
        wakeAtMs = Long.MAX_VALUE;
        courier.wakeAt(this, Long.MAX_VALUE);
        entries.dispose(release);
        if (release) {
            longBodies.releaseAll();
        } else {
            longBodies.forget();
        }
        timetable.clear();
        redelivery.clear();
    }

    @Override
    public String toString() {
        return label;
    }

    /** For checkpoints, and for its consumers. */
    Entries entries() {
        return entries;
    }

    void load(EntryBlock block, int index) {
        courier.load(this, block, index);
    }

    private void claim(QueueConsumer consumer, EntryBlock block, int index) {
        if (block.state(index) == EntryBlock.READY) {
            entries.state(block, index, EntryBlock.TAKEN);
            consumer.hold(block.id(index));
        }
    }

    /** Asks to be woken when something is due, unless that was asked for already. */
    void schedule() {
        scheduleFrom(0);
    }

    private void scheduleFrom(long earliestMs) {
        long next = Math.max(earliestMs, Math.min(timetable.nextDeadlineMs(), dealer.lookAtMs()));
        if (next < wakeAtMs && !disposed) {
            wakeAtMs = next;
            courier.wakeAt(this, next);
        }
    }
}
