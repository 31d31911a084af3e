package io.posthorn.engine.delivery;

import io.posthorn.wire.frame.EntryRanges;

/**
 * What the application was handed of one consumer and has not acknowledged, apart by whether the session was associated
 * with a branch then. Guarded by the session's lock.
 */
public final class Holding {

    private final Entries outside = new Entries();
    private final Entries inBranch = new Entries();

    public void add(long entry, boolean isInBranch) {
        (isInBranch ? inBranch : outside).add(entry);
    }

    /** Whether it was held. */
    public boolean remove(long entry) {
        return outside.remove(entry) || inBranch.remove(entry);
    }

    public boolean isEmpty() {
        return outside.isEmpty() && inBranch.isEmpty();
    }

    public EntryRanges all() {
        EntryRanges.Builder all = new EntryRanges.Builder();
        outside.addTo(all);
        inBranch.addTo(all);
        return all.build();
    }

    /** All of it; afterwards nothing is held. */
    public EntryRanges takeAll() {
        EntryRanges all = all();
        outside.clear();
        inBranch.clear();
        return all;
    }

    /** What was handed over in a branch; it is not held afterwards. */
    public EntryRanges takeInBranch() {
        EntryRanges.Builder taken = new EntryRanges.Builder();
        inBranch.addTo(taken);
        inBranch.clear();
        return taken.build();
    }

    /** The branch did not begin: what was handed over since belongs to none. */
    public void leaveBranch() {
        takeInBranch().forEach(outside::add);
    }
}
