package io.posthorn.broker.queue;

import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Lane;
import io.posthorn.broker.lane.Slot;
import java.util.TreeSet;

/**
 * How far one lane was looked through: all entries below a number, except those that became ready again since. Remembers
 * the number, so that blocks may leave the memory and come back meanwhile.
 */
final class Pass {

    private final Lane lane;
    private final TreeSet<Long> again = new TreeSet<>();
    private final Slot at = new Slot();
    private long next;
    private long candidate;

    /** Begins with the lane's first entry. */
    Pass(Lane lane) {
        this.lane = lane;
    }

    /** An entry became ready; if it was passed already, it is looked at again. */
    void noticeReady(long entry) {
        if (entry < next) {
            again.add(entry);
        }
    }

    /** All entries below this one have been looked at, or need not be. */
    void skipTo(long entry) {
        next = Math.max(next, entry);
    }

    /** Goes to the next ready entry. Returns its number, or one not above it; {@link Long#MAX_VALUE} when there is none. */
    long peek() {
        candidate = lane.ready() == 0 ? Long.MAX_VALUE : peekAgain();
        if (candidate == Long.MAX_VALUE && lane.ready() > 0) {
            candidate = peekNext();
        }
        return candidate;
    }

    /** Where {@link #peek} went to; {@link Slot#PAGE} in a block whose page must be read first. */
    Slot at() {
        return at;
    }

    /** The entry that {@link #peek} went to has been looked at. */
    void pass() {
        if (!again.remove(candidate)) {
            next = candidate + 1;
        }
    }

    private long peekAgain() {
        while (!again.isEmpty()) {
            long id = again.first();
            EntryBlock block = lane.blocks().of(id);
            if (block != null && block.ready() > 0) {
                if (!block.isResident()) {
                    at.set(block, Slot.PAGE);
                    return id;
                }
                int index = block.rows().find(id);
                if (index >= 0 && block.state(index) == EntryBlock.READY) {
                    at.set(block, index);
                    return id;
                }
            }
            again.pollFirst();
        }
        return Long.MAX_VALUE;
    }

    private long peekNext() {
        EntryBlock block = lane.blocks().from(next);
        while (block != null) {
            if (block.ready() > 0 && block.lastId() >= next) {
                if (!block.isResident()) {
                    at.set(block, Slot.PAGE);
                    return Math.max(next, block.firstId());
                }
                for (int index = block.rows().ceiling(next); index < block.size(); index++) {
                    if (block.state(index) == EntryBlock.READY) {
                        at.set(block, index);
                        return block.id(index);
                    }
                }
            }
            next = Math.max(next, block.lastId() + 1);
            block = block.next();
        }
        return Long.MAX_VALUE;
    }
}
