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
        int written = 0;
        long looks = Math.min(LOOKS_PER_TURN, count);
        for (; bytes > bytesMax && looks > 0; looks--) {
            EntryBlock block = oldest;
            boolean worthless = block.live == 0;
            boolean toWrite = !worthless && block.isDirty();
            if (toWrite && !block.isHeld() && written == pagesMax) {
                return;
            }
            if (block.isHeld() || (toWrite && !block.lane.keeper().store(block))) {
                use(block);
            } else {
                written += toWrite ? 1 : 0;
                block.lane.evict(block);
            }
        }
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

    /** A block's arrays may have grown. */
    void grown(EntryBlock block) {
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
