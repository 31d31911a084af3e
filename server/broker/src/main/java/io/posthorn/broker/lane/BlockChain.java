package io.posthorn.broker.lane;

import java.util.Map;
import java.util.TreeMap;

/** The blocks of a lane, in the order of their entries' numbers. */
public final class BlockChain {

    private final TreeMap<Long, EntryBlock> byFirstId = new TreeMap<>();
    private EntryBlock head;
    private EntryBlock tail;

    /** Where something was looked up last; null for nowhere. */
    private EntryBlock last;

    /** The first block; null when there is none. */
    public EntryBlock head() {
        return head;
    }

    EntryBlock tail() {
        return tail;
    }

    public int size() {
        return byFirstId.size();
    }

    /** The block in which this entry is, if it is in this lane; null when it cannot be. Quick for the block of the last look-up and the one behind. */
    public EntryBlock of(long id) {
        if (head == null || id > tail.lastId) {
            return null;
        }
        EntryBlock block = near(id);
        if (block != null) {
            return block;
        }
        EntryBlock floor = floor(id);
        if (floor == null || id > floor.lastId) {
            return null;
        }
        last = floor;
        return floor;
    }

    private EntryBlock near(long id) {
        if (last != null && id > last.lastId) {
            last = last.next;
        }
        return last != null && id >= last.firstId && id <= last.lastId ? last : null;
    }

    /** The first block in which this entry or a higher one is; the last block when all are lower; null when there is none. */
    public EntryBlock from(long id) {
        EntryBlock floor = floor(id);
        EntryBlock block = floor == null ? head : floor;
        return block != null && block.lastId < id && block.next != null ? block.next : block;
    }

    /** The block that begins with this entry. */
    EntryBlock at(long firstId) {
        return byFirstId.get(firstId);
    }

    /** Puts a block in its place. */
    void add(EntryBlock block) {
        EntryBlock before = floor(block.firstId);
        EntryBlock after = before == null ? head : before.next;
        byFirstId.put(block.firstId, block);
        block.previous = before;
        block.next = after;
        if (before == null) {
            head = block;
        } else {
            before.next = block;
        }
        if (after == null) {
            tail = block;
        } else {
            after.previous = block;
        }
    }

    /** Takes a block out, which keeps its {@code next}. */
    void remove(EntryBlock block) {
        byFirstId.remove(block.firstId);
        last = last == block ? block.next : last;
        if (block.previous == null) {
            head = block.next;
        } else {
            block.previous.next = block.next;
        }
        if (block.next == null) {
            tail = block.previous;
        } else {
            block.next.previous = block.previous;
        }
    }

    void clear() {
        byFirstId.clear();
        head = null;
        tail = null;
        last = null;
    }

    private EntryBlock floor(long id) {
        Map.Entry<Long, EntryBlock> floor = byFirstId.floorEntry(id);
        return floor == null ? null : floor.getValue();
    }
}
