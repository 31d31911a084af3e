package io.posthorn.broker.lane;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * When blocks of a queue are to be looked through, because entries become ready by themselves, or expire. One item for each
 * block, in memory or stored; its time is never after that of the first entry that is due, but for expired entries that
 * nobody asks for, which are looked for at most once a second.
 */
public final class Timetable {

    private static final long SWEEP_INTERVAL_MS = 1000;

    private final PriorityQueue<Item> items = new PriorityQueue<>(Comparator.comparingLong(Item::timeMs));
    private long earliestSweepMs;

    private record Item(long timeMs, EntryBlock block) {}

    /** An entry of the block becomes ready then. */
    public void becomesReady(EntryBlock block, long atMs) {
        wakeAt(block, atMs);
    }

    /** An entry of the block expires then. */
    public void expires(EntryBlock block, long atMs) {
        wakeAt(block, Math.max(atMs, earliestSweepMs));
    }

    private void wakeAt(EntryBlock block, long atMs) {
        if (atMs < block.wakeAtMs()) {
            block.wakeAtMs(atMs);
            items.add(new Item(atMs, block));
        }
    }

    /** Expired entries were looked for. */
    public void swept(long nowMs) {
        earliestSweepMs = Math.max(earliestSweepMs, nowMs + SWEEP_INTERVAL_MS);
    }

    /** The next block that is to be looked through now, or null; it has no time any more. */
    public EntryBlock takeDue(long nowMs) {
        if (nextDeadlineMs() > nowMs) {
            return null;
        }
        EntryBlock block = items.remove().block();
        block.wakeAtMs(EntryBlock.NEVER);
        return block;
    }

    /** {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineMs() {
        while (!items.isEmpty() && isOutdated(items.peek())) {
            items.remove();
        }
        return items.isEmpty() ? Long.MAX_VALUE : items.peek().timeMs();
    }

    /** Whether the block has another time now, or nothing in it that could be due. */
    private static boolean isOutdated(Item item) {
        EntryBlock block = item.block();
        if (block.live() == 0 && block.wakeAtMs() == item.timeMs()) {
            block.wakeAtMs(EntryBlock.NEVER); // entries may be added to it
        }
        return block.wakeAtMs() != item.timeMs();
    }

    /** Forgets all. */
    public void clear() {
        items.clear();
    }
}
