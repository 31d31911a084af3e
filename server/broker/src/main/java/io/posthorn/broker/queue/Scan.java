package io.posthorn.broker.queue;

import io.posthorn.wire.message.MalformedException;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a consumer with a selector, or a browser, looks through the lanes: once over each entry, highest priority first.
 * What becomes ready again behind its back is noted, so that nothing is looked at twice without need. An entry whose
 * content must be read back first stalls the scan until it is there.
 */
final class Scan {

    private static final Logger LOG = LoggerFactory.getLogger(Scan.class);

    /** How many contents are read back ahead of a stalled scan. */
    private static final int READ_AHEAD = 32;

    private static final int LANE_SHIFT = 59;

    private final QueueConsumer consumer;
    private final Slot[] next = new Slot[MessageQueue.LANES];
    private final TreeMap<Long, Slot> again = new TreeMap<>();
    private EntryBlock stalledBlock;
    private int stalledIndex;

    Scan(QueueConsumer consumer) {
        this.consumer = consumer;
    }

    boolean isStalled() {
        return stalledBlock != null;
    }

    /** Goes on if the content that it waits for is there, or is no longer wanted. True when it goes on. */
    boolean resume() {
        if (stalledBlock == null) {
            return false;
        }
        boolean gone = stalledBlock.state(stalledIndex) != EntryBlock.READY;
        if (!gone && stalledBlock.contents[stalledIndex] == null) {
            return false;
        }
        stalledBlock = null;
        return true;
    }

    /** An entry became ready; if the scan has passed it, it must look again. */
    void noticeReady(EntryBlock block, int index) {
        Slot at = next[block.lane.priority];
        if (!consumer.browses && at != null && at.isBehind(block, index)) {
            Slot slot = new Slot();
            slot.set(block, index);
            again.put(key(block, index), slot);
        }
    }

    /** Finds the next ready entry that the consumer wants. */
    boolean find(Lane[] lanes, Slot slot) {
        for (int priority = MessageQueue.LANES - 1; priority >= 0 && stalledBlock == null; priority--) {
            Lane lane = lanes[priority];
            if (lane != null && lane.ready() > 0 && (findAgain(lane, slot) || findNext(lane, slot))) {
                return true;
            }
        }
        return false;
    }

    private boolean findAgain(Lane lane, Slot slot) {
        while (!again.isEmpty()) {
            Map.Entry<Long, Slot> first = again.firstEntry();
            Slot at = first.getValue();
            if (at.block.lane != lane) {
                return false;
            }
            if (at.block.state(at.index) == EntryBlock.READY) {
                if (isContentMissing(at)) {
                    return false;
                }
                again.pollFirstEntry();
                if (wants(at.block, at.index)) {
                    slot.set(at.block, at.index);
                    return true;
                }
            } else {
                again.pollFirstEntry();
            }
        }
        return false;
    }

    private boolean findNext(Lane lane, Slot slot) {
        if (stalledBlock != null) {
            return false;
        }
        Slot at = next[lane.priority];
        if (at == null) {
            at = new Slot();
            at.set(lane.head(), 0);
            next[lane.priority] = at;
        }
        while (true) {
            boolean blockDone = at.index >= at.block.size || (at.block.ready == 0 && at.block.next != null);
            if (blockDone) {
                if (at.block.next == null) {
                    return false;
                }
                at.set(at.block.next, 0);
            } else if (at.block.state(at.index) != EntryBlock.READY) {
                at.index++;
            } else if (isContentMissing(at)) {
                return false;
            } else if (wants(at.block, at.index++)) {
                slot.set(at.block, at.index - 1);
                return true;
            }
        }
    }

    private boolean wants(EntryBlock block, int index) {
        Content content = block.contents[index];
        boolean wanted = consumer.selector == null || matches(content);
        if (!wanted) {
            consumer.queue.entries().unload(block, index);
        }
        return wanted;
    }

    /** A message whose properties are malformed is nobody's choice. */
    private boolean matches(Content content) {
        try {
            return consumer.selector.matches(content.envelope());
        } catch (MalformedException malformed) {
            LOG.debug("A message of {} cannot be looked at: {}", consumer.queue, malformed.getMessage());
            return false;
        }
    }

    private boolean isContentMissing(Slot at) {
        if (at.block.contents[at.index] != null) {
            return false;
        }
        stalledBlock = at.block;
        stalledIndex = at.index;
        int end = Math.min(at.block.size, at.index + READ_AHEAD);
        for (int index = at.index; index < end; index++) {
            if (at.block.state(index) == EntryBlock.READY && at.block.contents[index] == null) {
                consumer.queue.load(at.block, index);
            }
        }
        return true;
    }

    private static long key(EntryBlock block, int index) {
        return (long) (MessageQueue.LANES - 1 - block.lane.priority) << LANE_SHIFT | block.ids[index];
    }
}
