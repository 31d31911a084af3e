package io.posthorn.broker.lane;

/** What the lanes of a queue ask for: a place for their pages. */
public interface Keeper {

    /**
     * Writes a block as a page and tells the lane of it by {@link Lane#stored}. False when it cannot be written now; then it
     * stays in memory.
     */
    boolean store(EntryBlock block);

    /** Reads a page and waits for it: for what cannot wait for an answer. Null when it cannot be read. */
    Rows read(EntryBlock block);

    /** A block came from the log, with all that is in it. */
    void restored(EntryBlock block);

    /** What was in the second of two blocks is in the first now: what is due in it is not forgotten. */
    void joined(EntryBlock block, EntryBlock second);

    /** Lets go of the contents that a block has in memory; they can be read back. */
    void unload(EntryBlock block);

    /** An entry is gone: its content, and what it needs of a log, are let go. */
    void gone(EntryBlock block, int index);

    /** What is needed of the log that survives, or of the other one. */
    Space space(boolean durable);

    /** A log holds a page more. */
    default void pageRetained(EntryBlock block) {
        space(block.isDurable()).retained(block.page().position(), block.page().bytes());
    }

    /** The page that the block was stored in is not needed any more. */
    default void pageReleased(EntryBlock block) {
        space(block.isDurable()).released(block.page().position(), block.page().bytes());
    }
}
