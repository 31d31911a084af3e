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

    /** Lets go of the contents that a block has in memory; they can be read back. */
    void unload(EntryBlock block);

    /** The entries of a block in memory are not needed any more; what they take is given back. */
    void demolished(EntryBlock block);

    /** The same of a block that is only stored: what its page says is given back later. */
    void leave(EntryBlock block);

    /** A log holds a page more; it stands at this position. */
    void pageRetained(EntryBlock block);

    /** The page that the block was stored in is not needed any more. */
    void pageReleased(EntryBlock block);
}
