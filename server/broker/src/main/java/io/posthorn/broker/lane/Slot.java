package io.posthorn.broker.lane;

/**
 * A place in a lane: a block and an index in it, valid until the turn ends. Mutable, so that looking for an entry makes no
 * garbage.
 */
public final class Slot {

    /** The index in a block whose page must be read first. */
    public static final int PAGE = -1;

    private EntryBlock block;
    private int index;

    public EntryBlock block() {
        return block;
    }

    public int index() {
        return index;
    }

    public void set(EntryBlock newBlock, int newIndex) {
        if (block != newBlock) { // mostly it is the same, and the collector has to look at any that is stored
            block = newBlock;
        }
        index = newIndex;
    }
}
