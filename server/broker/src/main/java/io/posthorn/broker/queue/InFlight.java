package io.posthorn.broker.queue;

import io.posthorn.wire.frame.EntryRanges;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The entries that a consumer holds, in the order of their delivery. Settling the oldest first, the usual case, finds its
 * entry at once.
 */
public final class InFlight {

    private static final long HOLE = -1;

    private long[] ids = new long[16];
    private int head;
    private int end;
    private int count;

    /** Of all that were added since it was empty. */
    private long newest = HOLE;

    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** The entry that was delivered first; there must be one. */
    public long oldest() {
        if (count == 0) {
            throw new IllegalStateException("nothing is in flight");
        }
        return ids[head];
    }

    /** Whether an entry that was stored later than this one is held, or was since nothing was held. Looks at none of them. */
    boolean hasHeldBehind(long id) {
        return count > 0 && newest > id;
    }

    /** All entries held now. */
    public EntryRanges all() {
        EntryRanges.Builder all = new EntryRanges.Builder();
        forEach(all::add);
        return all.build();
    }

    /** Those of the entries that are held; a client may name far too many. */
    public EntryRanges heldOf(EntryRanges wanted) {
        if (count == 0 || wanted.isEmpty()) {
            return EntryRanges.NONE;
        }
        if (wanted.count() == 1) {
            return find(wanted.first(0)) >= 0 ? wanted : EntryRanges.NONE;
        }
        EntryRanges.Builder held = new EntryRanges.Builder();
        long found = 0;
        for (int index = head; index < end && found < wanted.count(); index++) {
            if (ids[index] != HOLE && wanted.contains(ids[index])) {
                held.add(ids[index]);
                found++;
            }
        }
        return found == wanted.count() ? wanted : held.build();
    }

    void add(long id) {
        if (end == ids.length) {
            compact();
        }
        ids[end++] = id;
        newest = count == 0 ? id : Math.max(newest, id);
        count++;
    }

    /** Takes out an entry; false when it is not held. */
    boolean remove(long id) {
        int index = find(id);
        if (index < 0) {
            return false;
        }
        ids[index] = HOLE;
        count--;
        skipHoles();
        return true;
    }

    /** Takes out these entries, as far as they are held. */
    void removeAll(EntryRanges gone) {
        if (gone.count() == 1) {
            remove(gone.first(0));
            return;
        }
        long left = gone.count();
        for (int index = head; index < end && left > 0; index++) {
            if (ids[index] != HOLE && gone.contains(ids[index])) {
                ids[index] = HOLE;
                count--;
                left--;
            }
        }
        skipHoles();
    }

    /** Calls back for each entry held now, oldest first; the callback may take entries out. */
    void forEach(LongConsumer action) {
        long[] copy = Arrays.copyOfRange(ids, head, end);
        for (long id : copy) {
            if (id != HOLE) {
                action.accept(id);
            }
        }
    }

    private int find(long id) {
        for (int index = head; index < end; index++) {
            if (ids[index] == id) {
                return index;
            }
        }
        return -1;
    }

    private void skipHoles() {
        while (head < end && ids[head] == HOLE) {
            head++;
        }
        if (head == end) {
            head = 0;
            end = 0;
        }
    }

    private void compact() {
        long[] target = count > ids.length / 2 ? new long[ids.length * 2] : ids;
        int size = 0;
        for (int index = head; index < end; index++) {
            if (ids[index] != HOLE) {
                target[size++] = ids[index];
            }
        }
        ids = target;
        head = 0;
        end = size;
    }
}
