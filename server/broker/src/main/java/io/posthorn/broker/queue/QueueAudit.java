package io.posthorn.broker.queue;

import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Lane;
import io.posthorn.wire.frame.EntryRanges;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes through all entries of a queue that are in the log, reading each page once, and takes out what cannot be had any more.
 * For the time when no broker runs.
 */
public final class QueueAudit {

    private QueueAudit() {}

    /** Entries that a page held that is gone. */
    public record LostPage(int priority, long first, long last, int count) {}

    /** Judges what an entry refers to, and is told what the audit does. */
    public interface Inspector {

        /** Whether a record that was written there can still be read. */
        boolean isWhole(long position);

        /** The message of an entry is gone; so is the entry. */
        void onLost(long entry, long position);

        /** Which entries there were cannot be told any more. */
        void onPageLost(LostPage page);

        /** An entry, or the page of a block, stands there and is needed. */
        void onNeeded(long position, int bytes);

        /** A block was gone through; memory can be given back. */
        void onBlockDone();
    }

    /** Takes out the entries whose messages, and the blocks whose pages, are gone. */
    public static void clean(MessageQueue queue, Inspector inspector) {
        for (int priority = 0; priority < MessageQueue.LANES; priority++) {
            Lane lane = queue.entries().lane(priority, true);
            for (EntryBlock block = lane == null ? null : lane.blocks().head(); block != null; block = block.next()) {
                if (block.live() == 0) {
                    continue;
                }
                int count = block.live();
                if (lane.fetch(block)) {
                    clean(queue, block, inspector);
                } else {
                    inspector.onPageLost(new LostPage(priority, block.firstId(), block.lastId(), count));
                    lane.discard(block);
                }
                inspector.onBlockDone();
            }
        }
    }

    private static void clean(MessageQueue queue, EntryBlock block, Inspector inspector) {
        List<Long> lost = new ArrayList<>();
        for (int index = 0; index < block.size(); index++) {
            if (block.state(index) != EntryBlock.GONE && !inspector.isWhole(block.position(index))) {
                inspector.onLost(block.id(index), block.position(index));
                lost.add(block.id(index));
            }
        }
        lost.forEach(entry -> queue.settle(EntryRanges.of(entry)));
    }

    /** Tells what the entries and pages of a queue need. */
    public static void account(MessageQueue queue, Inspector inspector) {
        for (int priority = 0; priority < MessageQueue.LANES; priority++) {
            Lane lane = queue.entries().lane(priority, true);
            for (EntryBlock block = lane == null ? null : lane.blocks().head(); block != null; block = block.next()) {
                if (block.live() > 0 && lane.fetch(block)) {
                    if (block.page() != null) {
                        inspector.onNeeded(block.page().position(), block.page().bytes());
                    }
                    account(block, inspector);
                }
                inspector.onBlockDone();
            }
        }
    }

    private static void account(EntryBlock block, Inspector inspector) {
        for (int index = 0; index < block.size(); index++) {
            if (block.state(index) != EntryBlock.GONE) {
                inspector.onNeeded(block.position(index), block.length(index));
            }
        }
    }

    /** Puts entries of a lost page back that another reading of the log still knows; returns how many. */
    public static int restore(MessageQueue queue, LostPage page, MessageQueue known) {
        Lane source = known.entries().lane(page.priority(), true);
        if (source == null) {
            return 0;
        }
        queue.deliveryMark(page.last() + 1); // nobody can tell which of them were handed out
        queue.suspectDelivered();
        return queue.entries().laneFor(page.priority(), true).copyFrom(source, page.first(), page.last());
    }
}
