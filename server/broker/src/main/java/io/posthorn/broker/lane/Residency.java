package io.posthorn.broker.lane;

/**
 * The blocks of all lanes that are in memory, in the order of their last use, and how much memory they may take. What is
 * too much leaves by {@link #trim}, which nobody calls while an index into a block is in use.
 */
public final class Residency {

    /** How many blocks are looked at in one turn. */
    private static final int LOOKS_PER_TURN = 64;

    private final long bytesMax;
    private final int blockEntries;
    private EntryBlock oldest;
    private EntryBlock newest;
    private long bytes;
    private long count;

    /**
     * @param bytesMax how much memory blocks may take; what is in use at the moment may exceed it
     * @param blockEntries how many entries a block has at most
     */
    public Residency(long bytesMax, int blockEntries) {
        this.bytesMax = bytesMax;
        this.blockEntries = blockEntries;
    }

    public long bytes() {
        return bytes;
    }

    public int blockEntries() {
        return blockEntries;
    }

    public boolean isFull() {
        return bytes > bytesMax;
    }

    /**
     * Takes blocks out of memory that were not used for longest, until the rest fits.
     *
     * @param pagesMax how many pages may be written for that now
     */
    public void trim(int pagesMax) {
        long before = bytes;
        int left = trim(pagesMax, false);
        if (bytes > bytesMax && bytes == before) {
            trim(left, true); // nothing but blocks of which somebody has entries
        }
    }

    /** Returns how many pages may still be written. */
    private int trim(int pagesMax, boolean alsoTaken) {
        int pages = pagesMax;
        for (long looks = Math.min(LOOKS_PER_TURN, count); bytes > bytesMax && looks > 0; looks--) {
            EntryBlock block = oldest;
            if (block.holders > 0 || (block.taken > 0 && !alsoTaken)) {
                use(block);
                continue;
            }
            if (pages > 0) { // while a log is read, blocks are gone through and stay what they are
                block.lane.tidy(block);
            }
            // a page must say of what somebody has that it was seen
            boolean toWrite = block.live > 0 && (block.isDirty() || block.taken > 0);
            if (toWrite && pages == 0) {
                return 0;
            }
            if (toWrite && !block.lane.keeper().store(block)) {
                use(block);
            } else {
                pages -= toWrite ? 1 : 0;
                block.lane.evict(block);
            }
        }
        return pages;
    }

    /** A block was used. */
    public void use(EntryBlock block) {
        if (block != newest) {
            unlink(block);
            link(block);
        }
    }

    /** Sees blocks. */
    public interface Visitor {
        void visit(EntryBlock block);
    }

    /** Shows all blocks in memory, the one that was not used for longest first. */
    public void forEach(Visitor visitor) {
        for (EntryBlock block = oldest; block != null; block = block.newer) {
            visitor.visit(block);
        }
    }

    void entered(EntryBlock block) {
        block.rows.accounted = block.rows.bytes();
        bytes += block.rows.accounted;
        count++;
        link(block);
    }

    void left(EntryBlock block) {
        bytes -= block.rows.accounted;
        count--;
        unlink(block);
    }

    /** A block's arrays may have another length. */
    void resized(EntryBlock block) {
        int now = block.rows.bytes();
        bytes += now - block.rows.accounted;
        block.rows.accounted = now;
    }

    private void link(EntryBlock block) {
        block.older = newest;
        block.newer = null;
        if (newest == null) {
            oldest = block;
        } else {
            newest.newer = block;
        }
        newest = block;
    }

    private void unlink(EntryBlock block) {
        if (block.older == null) {
            oldest = block.newer;
        } else {
            block.older.newer = block.newer;
        }
        if (block.newer == null) {
            newest = block.older;
        } else {
            block.newer.older = block.older;
        }
        block.older = null;
        block.newer = null;
    }
}
