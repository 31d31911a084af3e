package io.posthorn.broker.queue;

import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Lane;
import io.posthorn.broker.lane.Slot;
import io.posthorn.wire.message.MalformedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a consumer with a selector, or a browser, looks through the lanes: once over each entry, highest priority first.
 * What becomes ready behind its back is noted, if it may be something for the consumer, so that nothing is looked at twice or
 * without need. An entry whose content or page must be read back first stalls the scan until it is there; what follows is read ahead.
 */
final class Scan {

    private static final Logger LOG = LoggerFactory.getLogger(Scan.class);

    /** How many contents are read back ahead of a stalled scan. */
    private static final int READ_AHEAD = 32;

    /** The same in bytes. */
    private static final int READ_AHEAD_BYTES = 256 << 10;

    private final QueueConsumer consumer;
    private final Pass[] passes = new Pass[2 * MessageQueue.LANES];

    /** Stalled for a content of this block, which is held, or for its page; null when not stalled. */
    private EntryBlock stalledBlock;

    private int stalledIndex;

    /**
     * While something is awaited: what the other lane of the priority has in memory, which is held, or null. Which of the two
     * lanes comes first is known only when both are there; with little memory one would drive out the other for ever.
     */
    private EntryBlock heldBeside;

    private Slot beside;

    /** Everything has been looked at, but for what is nothing for the consumer; until the next {@link #notice}. */
    private boolean atEnd;

    Scan(QueueConsumer consumer) {
        this.consumer = consumer;
    }

    boolean isStalled() {
        return stalledBlock != null;
    }

    /** Goes on if what it waits for is there, or is no longer wanted. True when it goes on. */
    boolean resume() {
        if (stalledBlock == null) {
            return false;
        }
        boolean waits = stalledIndex == Slot.PAGE
                ? !stalledBlock.isResident() && stalledBlock.ready() > 0
                : stalledBlock.isResident()
                        && stalledBlock.state(stalledIndex) == EntryBlock.READY
                        && stalledBlock.content(stalledIndex) == null;
        if (waits) {
            return false;
        }
        goOn();
        return true;
    }

    /** Waits for nothing any more; the consumer is gone. */
    void close() {
        if (stalledBlock != null) {
            goOn();
        }
    }

    private void goOn() {
        if (stalledIndex != Slot.PAGE) {
            stalledBlock.release();
        }
        if (heldBeside != null) {
            heldBeside.release();
            heldBeside = null;
        }
        stalledBlock = null;
    }

    private void stall(EntryBlock block, int index) {
        stalledBlock = block;
        stalledIndex = index;
        if (index != Slot.PAGE) {
            block.hold();
        }
        if (beside != null && beside.index() != Slot.PAGE) {
            heldBeside = beside.block();
            heldBeside.hold();
        }
    }

    /**
     * An entry became ready that the consumer may want. If the scan has passed it, it must look again; if it was at the end, all
     * that came since was nothing for the consumer, and it goes on here.
     */
    void notice(EntryBlock block, int index) {
        Pass pass = passOf(block.lane().priority(), block.isDurable());
        if (atEnd) {
            atEnd = false;
            pass.skipTo(block.id(index));
        }
        if (!consumer.browses) {
            pass.noticeReady(block.id(index));
        }
    }

    /** Finds the next ready entry that the consumer wants. */
    boolean find(Slot slot) {
        if (atEnd) {
            return false;
        }
        for (int priority = MessageQueue.LANES - 1; priority >= 0 && stalledBlock == null; priority--) {
            if (find(passOf(priority, true), passOf(priority, false), slot)) {
                return true;
            }
        }
        atEnd = stalledBlock == null;
        return false;
    }

    /** The entries of a priority in the order of their numbers, whichever lane they are in. */
    private boolean find(Pass logged, Pass unlogged, Slot slot) {
        while (true) {
            long loggedId = logged == null ? Long.MAX_VALUE : logged.peek();
            long unloggedId = unlogged == null ? Long.MAX_VALUE : unlogged.peek();
            if (loggedId == Long.MAX_VALUE && unloggedId == Long.MAX_VALUE) {
                return false;
            }
            Pass pass = loggedId <= unloggedId ? logged : unlogged;
            boolean isOther = Math.max(loggedId, unloggedId) != Long.MAX_VALUE;
            beside = isOther ? (pass == logged ? unlogged : logged).at() : null;
            EntryBlock block = pass.at().block();
            int index = pass.at().index();
            if (isMissing(block, index)) {
                return false;
            }
            pass.pass();
            if (wants(block, index)) {
                slot.set(block, index);
                return true;
            }
        }
    }

    private Pass passOf(int priority, boolean durable) {
        int place = place(priority, durable);
        if (passes[place] == null) {
            Lane lane = consumer.queue().entries().lane(priority, durable);
            passes[place] = lane == null ? null : new Pass(lane);
        }
        return passes[place];
    }

    private static int place(int priority, boolean durable) {
        return 2 * priority + (durable ? 0 : 1);
    }

    private boolean wants(EntryBlock block, int index) {
        boolean wanted = consumer.selector == null || matches(block.content(index));
        if (!wanted) {
            consumer.queue().entries().contents().unload(block, index);
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

    /** Whether a page or a content must be read first; asks for it, and for some of what follows. */
    private boolean isMissing(EntryBlock block, int index) {
        Entries entries = consumer.queue().entries();
        if (index == Slot.PAGE) {
            stall(block, index);
            entries.ask(block);
            return true;
        }
        if (block.content(index) != null) {
            return false;
        }
        stall(block, index);
        int end = Math.min(block.size(), index + READ_AHEAD);
        long bytes = 0;
        for (int ahead = index; ahead < end && bytes < READ_AHEAD_BYTES; ahead++) {
            if (block.state(ahead) == EntryBlock.READY && block.content(ahead) == null) {
                consumer.queue().load(block, ahead);
                bytes += block.length(ahead);
            }
        }
        entries.askAhead(block.next());
        return true;
    }
}
