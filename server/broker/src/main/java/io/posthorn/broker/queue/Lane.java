package io.posthorn.broker.queue;

import java.util.Map;
import java.util.TreeMap;

/**
 * The entries of one priority, in the order of their numbers, as a chain of blocks. The cursor stands at or before the
 * first ready entry, so that consumers without a selector find it at once; an entry that becomes ready again before the
 * cursor moves it back.
 */
final class Lane {

    private static final int FIRST_CAPACITY = 16;

    final int priority;
    private final TreeMap<Long, EntryBlock> blocksByFirstId = new TreeMap<>();
    private EntryBlock head;
    private EntryBlock tail;
    private EntryBlock cursorBlock;
    private int cursorIndex;
    private long ordinals;
    private long ready;

    Lane(int priority) {
        this.priority = priority;
    }

    long ready() {
        return ready;
    }

    EntryBlock head() {
        return head;
    }

    EntryBlock tail() {
        return tail;
    }

    /** Adds an entry behind all others; its number is the highest of the lane. */
    void append(Slot slot, long id, long position, int length, int state) {
        if (tail == null || tail.isFull()) {
            addBlock(id);
        }
        slot.set(tail, tail.add(id, position, length, state));
        if (state == EntryBlock.READY) {
            tail.ready++;
            ready++;
        }
    }

    /** Changes an entry's state and keeps the counts and the cursor right. */
    void state(EntryBlock block, int index, int state) {
        boolean wasReady = block.state(index) == EntryBlock.READY;
        boolean isReady = state == EntryBlock.READY;
        block.state(index, state);
        if (wasReady && !isReady) {
            block.ready--;
            ready--;
        } else if (isReady && !wasReady) {
            block.ready++;
            ready++;
            rewind(block, index);
        }
    }

    /** Takes out an entry that was made {@link EntryBlock#GONE}. */
    void removed(EntryBlock block) {
        block.live--;
        if (block.live == 0 && block.next != null) {
            unlink(block);
        }
    }

    /** Finds the first ready entry and leaves the cursor on it. */
    boolean firstReady(Slot slot) {
        if (ready == 0) {
            return false;
        }
        EntryBlock block = cursorBlock;
        int index = cursorIndex;
        while (block != null) {
            if (block.ready > 0) {
                for (; index < block.size; index++) {
                    if (block.state(index) == EntryBlock.READY) {
                        cursorBlock = block;
                        cursorIndex = index;
                        slot.set(block, index);
                        return true;
                    }
                }
            }
            block = block.next;
            index = 0;
        }
        throw new IllegalStateException("lane " + priority + " counts " + ready + " ready entries and finds none");
    }

    boolean find(Slot slot, long id) {
        if (head == null) {
            return false;
        }
        int index = head.find(id);
        EntryBlock block = head;
        if (index < 0) {
            Map.Entry<Long, EntryBlock> floor = blocksByFirstId.floorEntry(id);
            if (floor == null) {
                return false;
            }
            block = floor.getValue();
            index = block.find(id);
        }
        slot.set(block, index);
        return index >= 0 && block.state(index) != EntryBlock.GONE;
    }

    private void addBlock(long firstId) {
        int capacity = tail == null ? FIRST_CAPACITY : Math.min(EntryBlock.CAPACITY, tail.size);
        EntryBlock block = new EntryBlock(this, ordinals++, capacity);
        blocksByFirstId.put(firstId, block);
        EntryBlock before = tail;
        tail = block;
        if (before == null) {
            head = block;
            cursorBlock = block;
            return;
        }
        before.next = block;
        block.previous = before;
        if (before.live == 0) {
            unlink(before);
        }
    }

    private void unlink(EntryBlock block) {
        blocksByFirstId.remove(block.ids[0]);
        if (block.previous == null) {
            head = block.next;
        } else {
            block.previous.next = block.next;
        }
        block.next.previous = block.previous;
        if (cursorBlock == block) {
            cursorBlock = block.next;
            cursorIndex = 0;
        }
        block.previous = null;
        block.contents = new Content[0];
    }

    private void rewind(EntryBlock block, int index) {
        if (block.ordinal < cursorBlock.ordinal || (block == cursorBlock && index < cursorIndex)) {
            cursorBlock = block;
            cursorIndex = index;
        }
    }
}
