package io.posthorn.broker.queue;

import io.posthorn.broker.lane.ContentMemory;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Keeper;
import io.posthorn.broker.lane.Lane;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.lane.Rows;
import io.posthorn.broker.lane.Slot;
import io.posthorn.broker.lane.Space;
import io.posthorn.wire.frame.EntryRanges;
import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * The entries of a queue in lanes by priority, those in the log apart from the others: adding, finding, changing their
 * state, taking them out. Knows no consumers. What is looked up is left in {@link #found}, valid until the next look-up.
 *
 * <p>Looking up one entry by its number reads its page at once if need be; going through the entries never does.
 */
final class Entries implements Keeper {

    private final MessageQueue queue;
    private final Courier courier;
    private final Contents contents;
    private final Residency residency;
    private final Lane[] lanes = new Lane[2 * MessageQueue.LANES];

    /** The last look-up's result. */
    final Slot found = new Slot();

    /** Whether whoever sends had better wait. */
    final Pace pace;

    private final Slot other = new Slot();
    private EntryBlock awaited;
    private EntryBlock beside;
    private long suspectBelow;

    Entries(MessageQueue queue, Courier courier, ContentMemory memory, Residency residency) {
        this.queue = queue;
        this.courier = courier;
        this.contents = new Contents(courier, memory);
        this.pace = new Pace(courier, queue::lastNumber);
        this.residency = residency;
    }

    /** Sees an entry by its place. */
    interface Visitor {
        void visit(EntryBlock block, int index);
    }

    long live() {
        long live = 0;
        for (Lane lane : lanes) {
            live += lane == null ? 0 : lane.live();
        }
        return live;
    }

    long ready() {
        long ready = 0;
        for (Lane lane : lanes) {
            ready += lane == null ? 0 : lane.ready();
        }
        return ready;
    }

    /** The sum of something over all lanes. */
    long sum(ToLongFunction<Lane> part) {
        long sum = 0;
        for (Lane lane : lanes) {
            sum += lane == null ? 0 : part.applyAsLong(lane);
        }
        return sum;
    }

    /** The contents that are in memory. */
    Contents contents() {
        return contents;
    }

    /** All lanes; null where there has been no entry. */
    Lane[] lanes() {
        return lanes;
    }

    /** The lane of a priority, or null as long as it has had no entry. */
    Lane lane(int priority, boolean durable) {
        return lanes[2 * priority + (durable ? 0 : 1)];
    }

    Lane laneFor(int priority, boolean durable) {
        int index = 2 * priority + (durable ? 0 : 1);
        if (lanes[index] == null) {
            lanes[index] = new Lane(priority, durable, this, residency);
        }
        return lanes[index];
    }

    /** Adds an entry and leaves it in {@link #found}. */
    void add(long entry, long position, int priority, int length, int state) {
        boolean durable = position >= 0; // what is not has no place in a log yet
        laneFor(priority, durable).append(found, entry, position, length, state);
        if (durable) {
            courier.space(true).retained(position, length);
        }
    }

    /** Finds an entry; the page that it may be in is read for that. */
    boolean find(long entry) {
        return findResident(entry) || findStored(entry);
    }

    /** Finds an entry that is in memory. */
    boolean findResident(long entry) {
        for (int lane = lanes.length - 1; lane >= 0; lane--) {
            EntryBlock block = lanes[lane] == null ? null : lanes[lane].blocks().of(entry);
            if (block != null && block.isResident() && findIn(block, entry)) {
                return true;
            }
        }
        return false;
    }

    private boolean findStored(long entry) {
        for (int lane = lanes.length - 1; lane >= 0; lane--) {
            EntryBlock block = lanes[lane] == null ? null : lanes[lane].blocks().of(entry);
            if (block != null && !block.isResident() && block.live() > 0) {
                if (lanes[lane].fetch(block) && findIn(block, entry)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean findIn(EntryBlock block, long entry) {
        int index = block.rows().find(entry);
        if (index < 0 || block.state(index) == EntryBlock.GONE) {
            return false;
        }
        found.set(block, index);
        residency.use(block);
        return true;
    }

    /** Finds the first ready entry. False when there is none, or its page is awaited. */
    boolean firstReady() {
        awaitNothing();
        for (int priority = MessageQueue.LANES - 1; priority >= 0; priority--) {
            Lane logged = lane(priority, true);
            Lane unlogged = lane(priority, false);
            long loggedId = logged == null ? Long.MAX_VALUE : logged.firstReady(found);
            long unloggedId = unlogged == null ? Long.MAX_VALUE : unlogged.firstReady(other);
            if (loggedId != Long.MAX_VALUE || unloggedId != Long.MAX_VALUE) {
                boolean isLogged = loggedId <= unloggedId;
                Slot first = isLogged ? found : other;
                boolean isOther = Math.max(loggedId, unloggedId) != Long.MAX_VALUE;
                return isThere(first, isOther ? (isLogged ? other : found) : null);
            }
        }
        return false;
    }

    /** Finds the ready entry with the lowest number, whatever its priority, reading its page if need be. */
    boolean oldestReady(Slot oldest) {
        long lowest = Long.MAX_VALUE;
        for (Lane lane : lanes) {
            if (lane != null && lane.ready() > 0) {
                long first = lane.firstReady(other);
                while (other.index() == Slot.PAGE && lane.fetch(other.block())) {
                    first = lane.firstReady(other);
                }
                if (first < lowest && other.index() != Slot.PAGE) {
                    lowest = first;
                    oldest.set(other.block(), other.index());
                }
            }
        }
        return lowest != Long.MAX_VALUE;
    }

    private boolean isThere(Slot first, Slot second) {
        EntryBlock block = first.block();
        if (first.index() == Slot.PAGE) {
            await(block, second);
            return false;
        }
        found.set(block, first.index());
        residency.use(block);
        askAhead(block.next());
        return true;
    }

    /**
     * Asks for a page. What the other lane of the priority has in memory stays there meanwhile: which of the two comes first
     * is known only when both are there, and with little memory one page would drive out the other for ever.
     */
    private void await(EntryBlock page, Slot second) {
        awaited = page;
        ask(page);
        if (second != null && second.index() != Slot.PAGE) {
            beside = second.block();
            beside.hold();
        }
    }

    /** A page came, or will not: if it was the one that {@link #firstReady} waits for, it waits no more. */
    void pageCame() {
        if (!isPageAwaited()) {
            awaitNothing();
        }
    }

    private void awaitNothing() {
        awaited = null;
        if (beside != null) {
            beside.release();
            beside = null;
        }
    }

    /** Whether the last {@link #firstReady} found nothing because it waits for a page. */
    boolean isPageAwaited() {
        return awaited != null && !awaited.isResident() && awaited.ready() > 0;
    }

    /** Asks for the page of a stored block. */
    void ask(EntryBlock block) {
        if (block.expectPage(true)) {
            courier.loadPage(queue, block);
        }
    }

    /** Asks for the page that will be wanted next. */
    void askAhead(EntryBlock next) {
        if (next != null && !next.isResident() && next.ready() > 0) {
            ask(next);
        }
    }

    void state(EntryBlock block, int index, int state) {
        block.lane().state(block, index, state);
    }

    /** Takes an entry out for good. */
    void settle(long entry) {
        if (find(entry)) {
            settle(found.block(), found.index());
        }
    }

    private void settle(EntryBlock block, int index) {
        state(block, index, EntryBlock.GONE);
        gone(block, index);
        block.lane().removed(block, index);
    }

    @Override
    public void gone(EntryBlock block, int index) {
        contents.drop(block, index);
        pace.taken(block.length(index));
        if (block.canReadBack(index)) {
            courier.space(block.isDurable()).released(block.position(index), block.length(index));
        }
    }

    void countAttempt(EntryRanges tried) {
        tried.forEach(entry -> {
            if (find(entry)) {
                found.block().attempts(found.index(), found.block().attempts(found.index()) + 1);
                found.block().suspect(found.index());
            }
        });
    }

    void suspect(EntryRanges seen) {
        seen.forEach(entry -> {
            if (find(entry)) {
                found.block().suspect(found.index());
            }
        });
    }

    /** All entries below this number that there are may have been seen. */
    void suspectBelow(long entry) {
        suspectBelow = Math.max(suspectBelow, entry);
    }

    long suspectBelow() {
        return suspectBelow;
    }

    boolean isSuspect(EntryBlock block, int index) {
        return block.id(index) < suspectBelow || block.isSuspect(index);
    }

    /** Shows all entries of these ranges, reading the pages that they may be in. */
    void forEach(EntryRanges ranges, Visitor visitor) {
        for (Lane lane : lanes) {
            for (EntryBlock block = lane == null ? null : lane.blocks().head(); block != null; block = block.next()) {
                if (ranges.overlaps(block.firstId(), block.lastId()) && block.live() > 0 && lane.fetch(block)) {
                    visit(block, ranges, visitor);
                }
            }
        }
    }

    private static void visit(EntryBlock block, EntryRanges ranges, Visitor visitor) {
        for (int index = 0; index < block.size(); index++) {
            if (block.state(index) != EntryBlock.GONE && ranges.contains(block.id(index))) {
                visitor.visit(block, index);
            }
        }
    }

    @Override
    public boolean store(EntryBlock block) {
        return (block.isDurable() || contents.spill(block)) && courier.storePage(queue, block);
    }

    @Override
    public Rows read(EntryBlock block) {
        return courier.readPage(queue, block);
    }

    @Override
    public void restored(EntryBlock block) {
        queue.backlog().restored(block);
    }

    @Override
    public void joined(EntryBlock block, EntryBlock second) {
        queue.backlog().joined(block, second);
    }

    @Override
    public void unload(EntryBlock block) {
        contents.drop(block);
    }

    @Override
    public Space space(boolean durable) {
        return courier.space(durable);
    }

    /** Lets go of everything; the logs hear of it when {@code release} is true. */
    void dispose(boolean release) {
        for (Lane lane : lanes) {
            if (lane != null && release) {
                lane.purge(EntryRanges.NONE);
            }
            if (lane != null) {
                lane.dispose();
            }
        }
        Arrays.fill(lanes, null);
        awaited = null;
    }
}
