package io.posthorn.broker.queue;

/** A place in a lane: a block and an index in it. Mutable, so that looking for an entry makes no garbage. */
final class Slot {

    EntryBlock block;
    int index;

    void set(EntryBlock newBlock, int newIndex) {
        block = newBlock;
        index = newIndex;
    }

    boolean isBehind(EntryBlock otherBlock, int otherIndex) {
        return block.ordinal > otherBlock.ordinal || (block.ordinal == otherBlock.ordinal && index > otherIndex);
    }
}
