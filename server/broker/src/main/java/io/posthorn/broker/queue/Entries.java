package io.posthorn.broker.queue;

import io.posthorn.wire.frame.EntryRanges;
import java.util.Arrays;

/**
 * The entries of a queue in lanes by priority: adding, finding, changing their state, taking them out. Knows no consumers.
 * What is looked up is left in {@link #found}, valid until the next look-up.
 */
final class Entries {

    private final Courier courier;
    private final ContentMemory memory;
    private final Lane[] lanes = new Lane[MessageQueue.LANES];

    /** The last look-up's result. */
    final Slot found = new Slot();

    private EntryBlock pinnedBlock;
    private int pinnedIndex;
    private long live;
    private long ready;

    Entries(Courier courier, ContentMemory memory) {
        this.courier = courier;
        this.memory = memory;
    }

    /** Sees an entry by its place. */
    interface Visitor {
        void visit(EntryBlock block, int index);
    }

    long live() {
        return live;
    }

    long ready() {
        return ready;
    }

    Lane[] lanes() {
        return lanes;
    }

    /** Adds an entry and leaves it in {@link #found}. */
    void add(long entry, long position, int priority, int length, int state) {
        if (lanes[priority] == null) {
            lanes[priority] = new Lane(priority);
        }
        lanes[priority].append(found, entry, position, length, state);
        ready += state == EntryBlock.READY ? 1 : 0;
        live++;
        if (position >= 0) {
            courier.retained(position);
        }
    }

    boolean find(long entry) {
        for (int priority = MessageQueue.LANES - 1; priority >= 0; priority--) {
            if (lanes[priority] != null && lanes[priority].find(found, entry)) {
                return true;
            }
        }
        return false;
    }

    boolean firstReady() {
        if (ready == 0) {
            return false;
        }
        for (int priority = MessageQueue.LANES - 1; priority >= 0; priority--) {
            if (lanes[priority] != null && lanes[priority].firstReady(found)) {
                return true;
            }
        }
        return false;
    }

    void state(EntryBlock block, int index, int state) {
        ready -= block.state(index) == EntryBlock.READY ? 1 : 0;
        ready += state == EntryBlock.READY ? 1 : 0;
        block.lane.state(block, index, state);
    }

    /** Takes an entry out for good. */
    void settle(long entry) {
        if (find(entry)) {
            EntryBlock block = found.block;
            int index = found.index;
            state(block, index, EntryBlock.GONE);
            drop(block, index);
            if (block.isDurable(index)) {
                courier.released(block.positions[index]);
            }
            live--;
            block.lane.removed(block);
        }
    }

    void countAttempt(EntryRanges tried) {
        tried.forEach(entry -> {
            if (find(entry)) {
                found.block.attempts(found.index, found.block.attempts(found.index) + 1);
                found.block.suspect(found.index);
            }
        });
    }

    void suspect(EntryRanges seen) {
        seen.forEach(entry -> {
            if (find(entry)) {
                found.block.suspect(found.index);
            }
        });
    }

    void forEach(Visitor visitor) {
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

    /** Keeps a content with its entry; what can be read back only while there is room, unless it is wanted at once. */
    void keep(EntryBlock block, int index, Content content, boolean wanted) {
        boolean fits = wanted || !block.isDurable(index) || memory.hasRoomFor(content);
        if (fits && block.contents[index] == null) {
            block.contents[index] = content;
            memory.retain(content);
        }
    }

    void drop(EntryBlock block, int index) {
        Content content = block.contents[index];
        if (content != null) {
            block.contents[index] = null;
            memory.release(content);
        }
    }

    /** Keeps {@link #unload} from this entry, as several may look at it. */
    void pin(EntryBlock block, int index) {
        pinnedBlock = block;
        pinnedIndex = index;
    }

    void unpin() {
        pinnedBlock = null;
    }

    /** Forgets a content that nobody waits for and that can be read back, when memory is short. */
    void unload(EntryBlock block, int index) {
        boolean pinned = block == pinnedBlock && index == pinnedIndex;
        boolean idle = block.state(index) == EntryBlock.READY && block.contents[index] != null;
        if (idle && !pinned && block.isDurable(index) && memory.isFull()) {
            drop(block, index);
        }
    }

    /** Lets go of everything. */
    void dispose() {
        forEach((block, index) -> {
            drop(block, index);
            if (block.isDurable(index)) {
                courier.released(block.positions[index]);
            }
        });
        Arrays.fill(lanes, null);
        live = 0;
        ready = 0;
    }
}
