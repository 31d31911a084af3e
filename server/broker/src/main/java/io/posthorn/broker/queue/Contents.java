package io.posthorn.broker.queue;

import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.ContentMemory;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Gate;

/** The contents of a queue's entries that are in memory, and how those that are in no log come to be in one. */
final class Contents {

    private final Courier courier;
    private final ContentMemory memory;
    private EntryBlock pinnedBlock;
    private int pinnedIndex;

    Contents(Courier courier, ContentMemory memory) {
        this.courier = courier;
        this.memory = memory;
    }

    /**
     * Keeps a content with its entry: while there is room, or when it is wanted at once. Otherwise it is read back later,
     * unless it must not be seen before a record in the log is safe.
     */
    void keep(EntryBlock block, int index, Content content, boolean wanted) {
        boolean fits = wanted || memory.hasRoomFor(content);
        if (!fits && !block.canReadBack(index)) {
            fits = !spill(block, index, content);
        }
        if (fits && block.content(index) == null) {
            block.content(index, content);
            memory.retain(content);
        }
    }

    /** Writes a content to where it can be read back. False when that must not be yet. */
    private boolean spill(EntryBlock block, int index, Content content) {
        long position = courier.spill(content, Gate.of(block.position(index)));
        if (position < 0) {
            return false;
        }
        block.position(index, position);
        courier.space(false).retained(position, block.length(index));
        return true;
    }

    /** Makes all entries of a block such that they can be read back. False when one of them must not be yet. */
    boolean spill(EntryBlock block) {
        for (int index = 0; index < block.size(); index++) {
            boolean stays = block.state(index) != EntryBlock.GONE && !block.canReadBack(index);
            if (stays && !spill(block, index, block.content(index))) {
                return false;
            }
        }
        return true;
    }

    void drop(EntryBlock block, int index) {
        Content content = block.content(index);
        if (content != null) {
            block.content(index, null);
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
        boolean idle = block.state(index) == EntryBlock.READY && block.content(index) != null;
        if (idle && !pinned && block.canReadBack(index) && memory.isFull()) {
            drop(block, index);
        }
    }

    /** Lets go of all contents of a block. */
    void drop(EntryBlock block) {
        for (int index = 0; index < block.size(); index++) {
            drop(block, index);
        }
    }
}
