package io.posthorn.broker.lane;

import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.ByteReader;

/**
 * The entries of one priority that are in the log, or those that are not, in the order of their numbers, as a chain of
 * blocks, any of which may be in memory or stored. The cursor stands at or before the first ready entry, so that consumers
 * without a selector find it at once; an entry that becomes ready again before the cursor moves it back.
 */
public final class Lane {

    private static final int FIRST_CAPACITY = 16;

    private final int priority;
    private final boolean durable;
    private final Keeper keeper;
    private final Residency residency;
    private final BlockChain blocks = new BlockChain();
    private EntryBlock cursorBlock;
    private int cursorIndex;
    private long ready;
    private long live;
    private long taken;
    private long contentBytes;

    /** @param durable whether the entries are in the log, and not only in this run */
    public Lane(int priority, boolean durable, Keeper keeper, Residency residency) {
        this.priority = priority;
        this.durable = durable;
        this.keeper = keeper;
        this.residency = residency;
    }

    public int priority() {
        return priority;
    }

    public boolean isDurable() {
        return durable;
    }

    public long ready() {
        return ready;
    }

    /** How many entries are not gone. */
    public long live() {
        return live;
    }

    /** How many entries somebody holds. */
    public long taken() {
        return taken;
    }

    /** How long the messages of the entries are that are not gone. */
    public long contentBytes() {
        return contentBytes;
    }

    public BlockChain blocks() {
        return blocks;
    }

    Keeper keeper() {
        return keeper;
    }

    /** Adds an entry behind all others; its number is the highest of the lane. */
    public void append(Slot slot, long id, long position, int length, int state) {
        EntryBlock tail = blocks.tail();
        if (tail == null || !tail.isResident() || tail.size() >= residency.blockEntries()) {
            int capacity = tail == null || !tail.isResident() ? FIRST_CAPACITY : tail.size();
            tail = addBlock(id, new Rows(Math.min(residency.blockEntries(), capacity)));
        } else {
            residency.use(tail);
        }
        boolean grows = tail.size() == tail.rows.capacity();
        slot.set(tail, tail.rows.add(id, position, length, state, residency.blockEntries()));
        if (grows) {
            residency.resized(tail);
        }
        tail.lastId = id;
        tail.live++;
        live++;
        tail.contentBytes += length;
        contentBytes += length;
        tail.dirty = true;
        if (state == EntryBlock.READY) {
            tail.ready++;
            ready++;
        }
    }

    /** Changes an entry's state and keeps the counts and the cursor right. */
    public void state(EntryBlock block, int index, int state) {
        int before = block.state(index);
        if (before == state) {
            return;
        }
        block.state(index, state);
        block.dirty |= state == EntryBlock.GONE || state == EntryBlock.DELAYED || before == EntryBlock.DELAYED;
        int held = (state == EntryBlock.TAKEN ? 1 : 0) - (before == EntryBlock.TAKEN ? 1 : 0);
        block.taken += held;
        taken += held;
        if (before == EntryBlock.READY) {
            block.ready--;
            ready--;
        } else if (state == EntryBlock.READY) {
            block.ready++;
            ready++;
            rewind(block, index);
        }
    }

    /** Takes out an entry that was made {@link EntryBlock#GONE}. */
    public void removed(EntryBlock block, int index) {
        int length = block.length(index);
        block.live--;
        live--;
        block.contentBytes -= length;
        contentBytes -= length;
        if (block.live == 0 && block.next != null) {
            unlink(block);
        } else if (block.live == 0 && block.page != null) {
            block.forgetPage();
        }
    }

    /**
     * Finds the first ready entry and leaves the cursor on it; {@link Slot#PAGE} when the page of its block must be read
     * first. Returns its number, or one not above it; {@link Long#MAX_VALUE} when there is none.
     */
    public long firstReady(Slot slot) {
        if (ready == 0) {
            return Long.MAX_VALUE;
        }
        EntryBlock block = cursorBlock;
        int index = cursorIndex;
        while (block != null) {
            if (block.ready > 0) {
                cursorBlock = block;
                cursorIndex = index;
                if (!block.isResident()) {
                    slot.set(block, Slot.PAGE);
                    return block.firstId;
                }
                for (; index < block.size(); index++) {
                    if (block.state(index) == EntryBlock.READY) {
                        cursorIndex = index;
                        slot.set(block, index);
                        return block.id(index);
                    }
                }
            }
            block = block.next;
            index = 0;
        }
        throw new IllegalStateException("lane " + priority + " counts " + ready + " ready entries and finds none");
    }

    /** Puts entries that were read back into their block; nothing changes if it is in memory already, or gone. */
    public void load(EntryBlock block, Rows rows) {
        block.asked = false;
        block.unreadable = false;
        if (block.isResident() || block.live == 0) {
            return;
        }
        block.rows = rows;
        if (block.held != null) {
            rows.hold(block.held);
            block.held = null;
            block.dirty = true; // the page says of these that they were seen
        }
        residency.entered(block);
        if (cursorBlock == block) {
            cursorIndex = 0;
        }
    }

    /** Makes sure that a block is in memory, whatever it takes. False when its page cannot be read. */
    public boolean fetch(EntryBlock block) {
        if (block.isResident()) {
            residency.use(block);
            return true;
        }
        Rows rows = keeper.read(block);
        if (rows == null) {
            block.unreadable = true;
            return false;
        }
        load(block, rows);
        return true;
    }

    /** Nobody can have what a block holds; it is kept back until the next start. */
    public void keepBack(EntryBlock block) {
        block.asked = false;
        block.unreadable = true;
        ready -= block.ready;
        block.ready = 0;
    }

    /** Forgets a block with all that it held; what stood in it cannot be told. */
    public void discard(EntryBlock block) {
        discount(block);
        unlink(block);
    }

    private void discount(EntryBlock block) {
        ready -= block.ready;
        live -= block.live;
        taken -= block.taken;
        contentBytes -= block.contentBytes;
        block.ready = 0;
        block.live = 0;
        block.taken = 0;
        block.contentBytes = 0;
    }

    /** Adds the entries of a range of another lane, without accounting for them; returns how many there were. */
    public int copyFrom(Lane other, long firstId, long lastId) {
        int copied = 0;
        for (EntryBlock block = other.blocks.head(); block != null; block = block.next) {
            if (block.live > 0 && block.lastId >= firstId && block.firstId <= lastId && other.fetch(block)) {
                long first = Math.max(firstId, block.firstId);
                long last = Math.min(lastId, block.lastId);
                copied += keep(block.rows, first, last);
            }
        }
        return copied;
    }

    /** A block of this lane stands in a page now; it stays in memory, too. */
    public void stored(long firstId, int bytes, long position) {
        EntryBlock block = blocks.at(firstId);
        if (block.page != null) {
            keeper.pageReleased(block);
        }
        block.page = block.isResident()
                ? PagePlace.of(position, bytes, PageCodec.summarise(block.rows))
                : block.page.at(position);
        block.dirty = false;
        keeper.pageRetained(block);
    }

    /**
     * The entries of this range are those of this page, as a log says that is read again. Mostly that is a block of the lane;
     * entries outside of the range stay what they are, and who has which entry, of which a page says nothing, stays as it is.
     */
    public void replace(long firstId, long lastId, byte[] page, long position) {
        Rows rows = PageCodec.decode(page, firstId);
        PageCodec.Summary summary = PageCodec.summarise(rows);
        EntryRanges.Builder taken = new EntryRanges.Builder();
        for (EntryBlock old = blocks.from(firstId); old != null && old.firstId <= lastId; old = old.next) {
            old.forEachTaken(taken::add);
        }
        cut(firstId, lastId);
        EntryBlock block = insert(firstId, lastId, summary.stock());
        block.rows = rows;
        block.page = PagePlace.of(position, page.length, summary);
        residency.entered(block);
        keeper.pageRetained(block);
        keeper.restored(block);
        taken.build().forEach(id -> {
            int index = rows.find(id);
            if (index >= 0) {
                state(block, index, EntryBlock.TAKEN);
            }
        });
    }

    /** Adds a block that is only stored, without accounting for it. */
    public void restore(long firstId, long lastId, PagePlace page, Stock stock) {
        EntryBlock block = insert(firstId, lastId, stock);
        block.page = page;
        keeper.restored(block);
    }

    /**
     * Adds a block that {@link PageCodec} wrote, and whose page, if there is one, is older; without accounting for it. */
    public void restore(long firstId, long lastId, PagePlace page, ByteReader in) {
        Rows rows = PageCodec.decode(in, firstId);
        PageCodec.Summary summary = PageCodec.summarise(rows);
        EntryBlock block = insert(firstId, lastId, summary.stock());
        block.rows = rows;
        block.page = page;
        block.dirty = true;
        residency.entered(block);
        keeper.restored(block);
    }

    /**
     * Takes out all entries but these, which are few. What those in memory need of the logs is given back at once, what stored
     * ones need later, as their pages must be read for that; so this takes no time, however many there are.
     */
    public void purge(EntryRanges kept) {
        EntryBlock block = blocks.head();
        while (block != null) {
            EntryBlock following = block.next;
            if (block.live > 0 && !kept.overlaps(block.firstId, block.lastId)) {
                demolish(block);
            } else if (block.live > 0 && fetch(block)) {
                purge(block, kept);
            }
            block = following;
        }
    }

    private void demolish(EntryBlock block) {
        if (block.isResident()) {
            for (int index = 0; index < block.size(); index++) {
                if (block.state(index) != EntryBlock.GONE) {
                    keeper.gone(block, index);
                }
            }
        } else {
            PagePlace left = block.page;
            keeper.space(durable).leave(new Rubble.Leftover(left.position(), left.bytes(), block.firstId));
            block.page = null;
        }
        discount(block);
        unlink(block);
    }

    private void purge(EntryBlock block, EntryRanges kept) {
        for (int index = 0; block.isResident() && index < block.size(); index++) {
            if (block.state(index) != EntryBlock.GONE && !kept.contains(block.id(index))) {
                state(block, index, EntryBlock.GONE);
                keeper.gone(block, index);
                removed(block, index);
            }
        }
    }

    /** Adds an entry in its place, in a block of its own, without accounting for it. */
    public EntryBlock adopt(long id, long position, int length) {
        cut(id, id);
        EntryBlock block = insert(id, id, new Stock(1, 1, length));
        block.rows = new Rows(1);
        block.rows.add(id, position, length, EntryBlock.READY, 1);
        block.dirty = true;
        residency.entered(block);
        return block;
    }

    /** Lets go of all pages and all memory; entries and their contents are the caller's business. */
    public void dispose() {
        for (EntryBlock block = blocks.head(); block != null; block = block.next) {
            if (block.page != null) {
                keeper.pageReleased(block);
            }
            if (block.isResident()) {
                residency.left(block);
            }
            block.live = 0;
            block.ready = 0;
            block.taken = 0;
            block.contentBytes = 0;
            block.rows = null;
        }
        blocks.clear();
        cursorBlock = null;
        ready = 0;
        live = 0;
        taken = 0;
        contentBytes = 0;
    }

    /** Takes a block out of memory whose page says all of it, but for who has which entry. */
    void evict(EntryBlock block) {
        if (block.taken > 0) {
            block.held = block.rows.held(block.taken);
        }
        keeper.unload(block);
        residency.left(block);
        block.rows = null;
        if (cursorBlock == block) {
            cursorIndex = 0;
        }
    }

    /**
     * Gives back the memory of a block's entries that are gone, and takes in the blocks behind it as long as what is left of all
     * fits into half a block. When no index into a block is in use, but for those that are held.
     */
    public void tidy(EntryBlock block) {
        int fit = residency.blockEntries() / 2;
        while (canTidy(block) && block.next != null && canTidy(block.next) && block.live + block.next.live <= fit) {
            join(block, block.next);
        }
        if (canTidy(block) && block.live <= block.rows.capacity() / 2) {
            replaceRows(block, Rows.joined(block.rows, new Rows(0), block.live));
        }
    }

    private static boolean canTidy(EntryBlock block) {
        boolean awaited = block.asked || block.wakeAtMs() == EntryBlock.OVERDUE;
        return block.isResident() && block.holders == 0 && !awaited && block.live > 0;
    }

    private void join(EntryBlock block, EntryBlock second) {
        replaceRows(block, Rows.joined(block.rows, second.rows, block.live + second.live));
        boolean atCursor = cursorBlock == second;
        block.lastId = second.lastId;
        block.live += second.live;
        block.ready += second.ready;
        block.taken += second.taken;
        block.contentBytes += second.contentBytes;
        block.dirty = true;
        residency.left(second);
        second.rows = null;
        second.live = 0;
        second.ready = 0;
        second.taken = 0;
        second.contentBytes = 0;
        unlink(second);
        if (atCursor) {
            cursorBlock = block;
            cursorIndex = 0;
        }
        keeper.joined(block, second);
    }

    private void replaceRows(EntryBlock block, Rows rows) {
        rows.accounted = block.rows.accounted;
        block.rows = rows;
        residency.resized(block);
        if (cursorBlock == block) {
            cursorIndex = 0;
        }
    }

    private EntryBlock addBlock(long firstId, Rows rows) {
        EntryBlock before = blocks.tail();
        EntryBlock block = new EntryBlock(this, firstId);
        block.rows = rows;
        blocks.add(block);
        residency.entered(block);
        if (before != null && before.live == 0) {
            unlink(before);
        }
        if (cursorBlock == null) {
            cursorBlock = block;
            cursorIndex = 0;
        }
        return block;
    }

    /** How much is in a block: entries, those of them that are ready, and bytes of messages. */
    public record Stock(int live, int ready, long contentBytes) {}

    private EntryBlock insert(long firstId, long lastId, Stock stock) {
        EntryBlock block = new EntryBlock(this, firstId);
        block.lastId = lastId;
        block.live = stock.live();
        block.ready = stock.ready();
        block.contentBytes = stock.contentBytes();
        contentBytes += block.contentBytes;
        ready += block.ready;
        live += block.live;
        blocks.add(block);
        if (cursorBlock == null || (block.ready > 0 && block.firstId < cursorBlock.firstId)) {
            cursorBlock = block;
            cursorIndex = 0;
        }
        return block;
    }

    private void unlink(EntryBlock block) {
        if (block.page != null) {
            keeper.pageReleased(block);
        }
        if (block.isResident()) {
            keeper.unload(block);
            residency.left(block);
            block.rows = null;
        }
        blocks.remove(block);
        if (cursorBlock == block) {
            cursorBlock = block.next != null ? block.next : block.previous;
            cursorIndex = 0;
        }
        block.previous = null;
    }

    /** Takes the entries of a range out of the blocks that they are in, and leaves the others in blocks of their own. */
    private void cut(long firstId, long lastId) {
        EntryBlock block = blocks.from(firstId);
        while (block != null && block.firstId <= lastId) {
            EntryBlock next = block.next;
            if (block.lastId >= firstId) {
                cut(block, firstId, lastId);
            }
            block = next;
        }
    }

    private void cut(EntryBlock block, long firstId, long lastId) {
        // the last block may be empty, and then has neither entries nor a page
        boolean whole = block.live == 0 || (block.firstId >= firstId && block.lastId <= lastId);
        if (!whole && !fetch(block)) {
            throw new IllegalStateException("a page that another one replaces in part cannot be read");
        }
        Rows rows = block.rows;
        discount(block);
        unlink(block);
        if (!whole) {
            keep(rows, block.firstId, firstId - 1);
            keep(rows, lastId + 1, block.lastId);
        }
    }

    private int keep(Rows rows, long firstId, long lastId) {
        Rows kept = rows.range(firstId, lastId);
        if (kept.size > 0) {
            PageCodec.Summary summary = PageCodec.summarise(kept);
            EntryBlock block = insert(kept.ids[0], lastId, summary.stock());
            block.rows = kept;
            block.dirty = true;
            block.taken = kept.count(EntryBlock.TAKEN);
            taken += block.taken;
            residency.entered(block);
            keeper.restored(block);
        }
        return kept.size;
    }

    private void rewind(EntryBlock block, int index) {
        if (block.firstId < cursorBlock.firstId || (block == cursorBlock && index < cursorIndex)) {
            cursorBlock = block;
            cursorIndex = index;
        }
    }
}
