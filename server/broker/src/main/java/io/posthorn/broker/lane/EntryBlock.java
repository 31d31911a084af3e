package io.posthorn.broker.lane;

import java.util.function.LongConsumer;

/**
 * Some entries of a lane that follow one another. In memory ({@link #isResident}), stored as a page in a log ({@link
 * #page}), or both; a change of what a restart must know makes the page worthless ({@link #isDirty}). What stays in memory of
 * a stored block is this object: some 100 bytes for thousands of entries. An entry that is gone leaves a hole; a block in
 * which all are gone is unlinked, but keeps its {@code next}, so that whoever still stands in it finds the way on.
 *
 * <p>Indexes are valid until the turn ends, or for as long as the block is held by {@link #hold}. Entries that somebody has
 * ({@link #TAKEN}) keep a block in memory while others can leave; of one that leaves all the same they are remembered.
 */
public final class EntryBlock {

    public static final int READY = 1;
    public static final int TAKEN = 2;
    public static final int DELAYED = 3;
    public static final int GONE = 4;

    /** Position of an entry that is not in a log. Lower values are {@code -2 - gate}: not in a log, but gated. */
    public static final long VOLATILE = -1;

    /** {@link #wakeAtMs} of a block in which nothing will be due. */
    public static final long NEVER = Long.MAX_VALUE;

    /** {@link #wakeAtMs} of a stored block in which something is due, and whose page is awaited for that. */
    public static final long OVERDUE = Long.MIN_VALUE;

    static final int STATE_MASK = 7;
    /** An earlier delivery of the entry is known or cannot be ruled out. */
    static final int SUSPECT = 8;

    final Lane lane;
    EntryBlock previous;
    EntryBlock next;
    EntryBlock older;
    EntryBlock newer;
    Rows rows;
    final long firstId;
    long lastId;
    int live;
    int ready;
    int taken;
    /** How many have an index into it. */
    int holders;

    long contentBytes;
    PagePlace page;
    boolean dirty;
    /** Of a block that is only stored: the entries that are {@link #TAKEN}. */
    Rows.Held held;

    /** Whether the page was asked for and has not come yet. */
    boolean asked;

    boolean unreadable;

    private long wakeAtMs = NEVER;

    EntryBlock(Lane lane, long firstId) {
        this.lane = lane;
        this.firstId = firstId;
        this.lastId = firstId;
    }

    public Lane lane() {
        return lane;
    }

    public EntryBlock next() {
        return next;
    }

    public long firstId() {
        return firstId;
    }

    public long lastId() {
        return lastId;
    }

    /** How many entries are not gone. */
    public int live() {
        return live;
    }

    public int ready() {
        return ready;
    }

    public boolean isResident() {
        return rows != null;
    }

    /** Whether a page must be written before the block can leave the memory. */
    public boolean isDirty() {
        return dirty || page == null;
    }

    /** Stores the block as a page; it stays in memory, too. False when that cannot be now. */
    public boolean store() {
        return lane.keeper().store(this);
    }

    /** Lets go of a page that is not needed, since the block is in memory. */
    public void forgetPage() {
        lane.keeper().pageReleased(this);
        page = null;
    }

    /** Where the block's page stands; null when it was never stored. */
    public PagePlace page() {
        return page;
    }

    /** Whether somebody has an entry of it, or an index into it. */
    public boolean isHeld() {
        return holders + taken > 0;
    }

    /** Keeps the block in memory until {@link #release}. */
    public void hold() {
        holders++;
    }

    public void release() {
        holders--;
    }

    /** Notes whether the page was asked for and may still come; false when that is not new. */
    public boolean expectPage(boolean expected) {
        boolean news = asked != expected;
        asked = expected;
        return news;
    }

    /** Whether the page could not be read when that was tried last. */
    public boolean isUnreadable() {
        return unreadable;
    }

    /** When the block is to be looked through for what is due; {@link #NEVER} for never, {@link #OVERDUE} for at once. */
    public long wakeAtMs() {
        return wakeAtMs;
    }

    public void wakeAtMs(long ms) {
        wakeAtMs = ms;
    }

    /** Shows the entries that somebody has. */
    public void forEachTaken(LongConsumer action) {
        if (held != null) {
            held.forEach(action);
        }
        for (int index = 0; rows != null && index < rows.size; index++) {
            if (state(index) == TAKEN) {
                action.accept(rows.ids[index]);
            }
        }
    }

    /** For looking up; null unless {@link #isResident}. */
    public Rows rows() {
        return rows;
    }

    /** How many entries are in memory, gone ones included. */
    public int size() {
        return rows.size;
    }

    public long id(int index) {
        return rows.ids[index];
    }

    public long position(int index) {
        return rows.positions[index];
    }

    /** The entry's message stands somewhere else now. */
    public void position(int index, long position) {
        rows.positions[index] = position;
        dirty = true;
    }

    public int length(int index) {
        return rows.lengths[index];
    }

    public Content content(int index) {
        return rows.contents[index];
    }

    public void content(int index, Content content) {
        rows.contents[index] = content;
    }

    public int state(int index) {
        return rows.states[index] & STATE_MASK;
    }

    public boolean isSuspect(int index) {
        return (rows.states[index] & SUSPECT) != 0;
    }

    public void suspect(int index) {
        rows.states[index] |= SUSPECT;
        dirty = true;
    }

    /** Whether a record in the log says that the entry exists. */
    public boolean isDurable() {
        return lane.isDurable();
    }

    /** Whether an entry's content can be read back from a log. */
    public boolean canReadBack(int index) {
        return rows.positions[index] >= 0;
    }

    public long expiration(int index) {
        return rows.expirations == null ? 0 : rows.expirations[index];
    }

    public void expiration(int index, long ms) {
        rows.expiration(index, ms);
        dirty = true;
    }

    public int attempts(int index) {
        return rows.attempts == null ? 0 : rows.attempts[index];
    }

    public void attempts(int index, int count) {
        rows.attempts(index, count);
        dirty = true;
    }

    /** When an entry that is delayed becomes ready; 0 when it never was. */
    public long due(int index) {
        return rows.dues == null ? 0 : rows.dues[index];
    }

    public void due(int index, long ms) {
        rows.due(index, ms);
        dirty = true;
    }

    /** The state without the rest of the flags; counts are the lane's business. */
    void state(int index, int state) {
        rows.states[index] = (byte) (rows.states[index] & ~STATE_MASK | state);
    }
}
