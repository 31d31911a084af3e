package io.posthorn.engine.delivery;

import io.posthorn.wire.frame.EntryRanges;

/**
 * What the application was handed of one consumer and has not acknowledged, apart by whether the session was associated
 * with a branch then, and which of them a server that is started again does not have. Guarded by the session's lock.
 */
public final class Holding {

    private final Entries outside = new Entries();
    private final Entries inBranch = new Entries();

    /** Those, of both, whose messages are not persistent. */
    private final Entries unlogged = new Entries();

    public void add(long entry, boolean isInBranch, boolean isPersistent) {
        (isInBranch ? inBranch : outside).add(entry);
        if (!isPersistent) {
            unlogged.add(entry);
        }
    }

    /** Whether it was held. */
    public boolean remove(long entry) {
        return outside.remove(entry) || inBranch.remove(entry);
    }

    /** Whether its message is not persistent; asked once, when the entry is not held any more. */
    public boolean removeUnlogged(long entry) {
        return unlogged.remove(entry);
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

    /** Those of the entries, which are not held any more, whose messages are not persistent. */
    public EntryRanges takeUnlogged(EntryRanges taken) {
        if (unlogged.isEmpty()) {
            return EntryRanges.NONE;
        }
        if (taken.count() == 1) {
            return unlogged.remove(taken.first(0)) ? taken : EntryRanges.NONE;
        }
        EntryRanges.Builder found = new EntryRanges.Builder();
        taken.forEach(entry -> {
            if (unlogged.remove(entry)) {
                found.add(entry);
            }
        });
        return found.build();
    }

    /** The server was started again: what was not persistent is gone there, and cannot be acknowledged or come again. */
    public void forgetUnlogged() {
        EntryRanges.Builder gone = new EntryRanges.Builder();
        unlogged.addTo(gone);
        unlogged.clear();
        gone.build().forEach(this::remove);
    }

    /** What was handed over in a branch; it is not held afterwards. */
    public EntryRanges takeInBranch() {
        EntryRanges.Builder taken = new EntryRanges.Builder();
        inBranch.addTo(taken);
        inBranch.clear();
        return taken.build();
    }

    /** What was handed over before the branch belongs to it from now on, if it is held. */
    public void takeIntoBranch(long entry) {
        if (outside.remove(entry)) {
            inBranch.add(entry);
        }
    }

    /** The branch did not begin: what was handed over since belongs to none. */
    public void leaveBranch() {
        takeInBranch().forEach(outside::add);
    }
}
