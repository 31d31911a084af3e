package io.posthorn.tck.resumption.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was promised about the messages of one stream, and what was seen of them. Written by the actors, from any thread, after the call
 * that makes it true has returned. Bounds how many messages are under way.
 */
final class Ledger {

    private static final int UNDER_WAY_MAX = 400;
    private static final int SHOWN_MAX = 20;

    private final String name;
    private final Queue<String> violations;
    private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
    private final Semaphore room = new Semaphore(UNDER_WAY_MAX);
    private final LongAdder confirmed = new LongAdder();
    private final LongAdder arrived = new LongAdder();
    private final LongAdder repeats = new LongAdder();

    Ledger(String name, Queue<String> violations) {
        this.name = name;
        this.violations = violations;
    }

    /** Waits until {@code count} more messages may be under way; false when there is no room for long. */
    boolean awaitRoom(int count) throws InterruptedException {
        return room.tryAcquire(count, 100, TimeUnit.MILLISECONDS);
    }

    /** These will not be sent, or are of no interest any more. */
    void giveBack(int count) {
        room.release(count);
    }

    /** Its send, or the commit with it, has returned: it must arrive. */
    void confirm(long id) {
        entry(id).confirmed = true;
        confirmed.increment();
    }

    /** An application has it in hand. */
    void arrive(long id, boolean redelivered, String consumer) {
        Entry entry = entry(id);
        synchronized (entry) {
            if (entry.finished != null) {
                violations.add(text(id) + " came to " + consumer + " again after " + entry.finished + " had finished it"
                        + (redelivered ? "" : ", without the redelivered flag"));
            } else if (entry.seenBy != null && !redelivered) {
                violations.add(
                        text(id) + " came to " + consumer + " without the redelivered flag after " + entry.seenBy);
            }
            if (entry.seenBy != null) {
                repeats.increment();
            }
            entry.seenBy = consumer;
        }
    }

    /** The acknowledgement, or the commit, of a consumer that must not see it again has returned. */
    void finish(long id, String consumer) {
        Entry entry = entry(id);
        synchronized (entry) {
            if (entry.finished != null) {
                violations.add(text(id) + " was finished by " + consumer + " and before by " + entry.finished);
                return;
            }
            entry.finished = consumer;
        }
        count(entry);
    }

    /** For consumers that promise no more than that it has arrived once. */
    void count(long id) {
        count(entry(id));
    }

    private void count(Entry entry) {
        synchronized (entry) {
            if (entry.counted) {
                return;
            }
            entry.counted = true;
        }
        arrived.increment();
        room.release();
    }

    long arrivedCount() {
        return arrived.sum();
    }

    /** What was confirmed and has not arrived. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        entries.forEach((id, entry) -> {
            synchronized (entry) {
                if (entry.confirmed && !entry.counted && missing.size() < SHOWN_MAX) {
                    missing.add(text(id) + " was confirmed and has not arrived"
                            + (entry.seenBy == null ? "" : ", though seen by " + entry.seenBy));
                }
            }
        });
        return missing;
    }

    @Override
    public String toString() {
        return name + ": " + confirmed + " confirmed, " + arrived + " arrived, " + repeats + " repeats";
    }

    private String text(long id) {
        return name + " " + (id >>> 40) + "-" + (id & 0xFF_FFFF_FFFFL);
    }

    private Entry entry(long id) {
        return entries.computeIfAbsent(id, key -> new Entry());
    }

    static Queue<String> violations() {
        return new ConcurrentLinkedQueue<>();
    }

    /** Guarded by itself, but for {@code confirmed}. */
    private static final class Entry {
        private volatile boolean confirmed;
        private String seenBy;
        private String finished;
        private boolean counted;
    }
}
