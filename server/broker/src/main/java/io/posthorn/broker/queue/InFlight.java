package io.posthorn.broker.queue;

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

    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public void add(long id) {
        if (end == ids.length) {
            compact();
        }
        ids[end++] = id;
        count++;
    }

    /** Takes out an entry; false when it is not held. */
    public boolean remove(long id) {
        for (int index = head; index < end; index++) {
            if (ids[index] == id) {
                ids[index] = HOLE;
                count--;
                while (head < end && ids[head] == HOLE) {
                    head++;
                }
                if (head == end) {
                    head = 0;
                    end = 0;
                }
                return true;
            }
        }
        return false;
    }

    public boolean contains(long id) {
        for (int index = head; index < end; index++) {
            if (ids[index] == id) {
                return true;
            }
        }
        return false;
    }

    /** Calls back for each entry held now, oldest first; the callback may take entries out. */
    public void forEach(LongConsumer action) {
        long[] copy = Arrays.copyOfRange(ids, head, end);
        for (long id : copy) {
            if (id != HOLE) {
                action.accept(id);
            }
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
