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

    /** The same in bytes. */
    private static final int READ_AHEAD_BYTES = 256 << 10;

    private final QueueConsumer consumer;
    private final Pass[] passes = new Pass[MessageQueue.LANES];
    private EntryBlock stalledBlock;
    private int stalledIndex;

    Scan(QueueConsumer consumer) {
        this.consumer = consumer;
    }

    /** How far one lane was looked through. */
    private static final class Pass {
        final Slot next = new Slot();

        /** What became ready again behind {@link #next}, by number. */
        final TreeMap<Long, Slot> again = new TreeMap<>();
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
        Pass pass = passes[block.lane.priority];
        if (!consumer.browses && pass != null && pass.next.isBehind(block, index)) {
            Slot slot = new Slot();
            slot.set(block, index);
            pass.again.put(block.ids[index], slot);
        }
    }

    /** Finds the next ready entry that the consumer wants. */
    boolean find(Lane[] lanes, Slot slot) {
        for (int priority = MessageQueue.LANES - 1; priority >= 0 && stalledBlock == null; priority--) {
            Lane lane = lanes[priority];
            if (lane != null && lane.ready() > 0) {
                Pass pass = passOf(lane);
                if (findAgain(pass, slot) || findNext(pass, slot)) {
                    return true;
                }
            }
        }
        return false;
    }

    private Pass passOf(Lane lane) {
        Pass pass = passes[lane.priority];
        if (pass == null) {
            pass = new Pass();
            pass.next.set(lane.head(), 0);
            passes[lane.priority] = pass;
        }
        return pass;
    }

    private boolean findAgain(Pass pass, Slot slot) {
        while (!pass.again.isEmpty()) {
            Map.Entry<Long, Slot> first = pass.again.firstEntry();
            Slot at = first.getValue();
            boolean ready = at.block.state(at.index) == EntryBlock.READY;
            if (ready && isContentMissing(at)) {
                return false;
            }
            pass.again.pollFirstEntry();
            if (ready && wants(at.block, at.index)) {
                slot.set(at.block, at.index);
                return true;
            }
        }
        return false;
    }

    private boolean findNext(Pass pass, Slot slot) {
        Slot at = pass.next;
        while (stalledBlock == null) {
            boolean blockDone = at.index >= at.block.size || (at.block.ready == 0 && at.block.next != null);
            if (blockDone) {
                if (at.block.next == null) {
                    return false;
                }
                at.set(at.block.next, 0);
            } else if (at.block.state(at.index) != EntryBlock.READY) {
                at.index++;
            } else if (!isContentMissing(at) && wants(at.block, at.index++)) {
                slot.set(at.block, at.index - 1);
                return true;
            }
        }
        return false;
    }

    private boolean wants(EntryBlock block, int index) {
        boolean wanted = consumer.selector == null || matches(block.contents[index]);
        if (!wanted) {
            consumer.queue().entries().unload(block, index);
        }
        return wanted;
    }

    /** A message whose properties are malformed is nobody's choice. */
    private boolean matches(Content content) {
        try {
            return consumer.selector.matches(content.envelope());
        } catch (MalformedException malformed) {
            LOG.debug("A message of {} cannot be looked at: {}", consumer.queue(), malformed.getMessage());
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
        long bytes = 0;
        for (int index = at.index; index < end && bytes < READ_AHEAD_BYTES; index++) {
            if (at.block.state(index) == EntryBlock.READY && at.block.contents[index] == null) {
                consumer.queue().load(at.block, index);
                bytes += at.block.lengths[index];
            }
        }
        return true;
    }
}
