package io.posthorn.tck.resumption.soak;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was promised about the persistent messages of one stream, and what was seen of them. Written by the actors, from any thread,
 * after the call that makes it true has returned, but for what they take back: that is said before the call. Bounds how many messages
 * are under way.
 */
final class Ledger {

    private static final int UNDER_WAY_MAX = 400;
    private static final int SHOWN_MAX = 20;

    private final String name;
    private final Sharing sharing;
    private final Runs runs;
    private final Queue<String> violations;
    private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
    private final Set<Long> undone = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Long> lastFinished = new HashMap<>();
    private final Semaphore room = new Semaphore(UNDER_WAY_MAX);
    private final LongAdder confirmed = new LongAdder();
    private final LongAdder arrived = new LongAdder();
    private final LongAdder repeats = new LongAdder();
    private final LongAdder cautious = new LongAdder();

    /** Who consumes. */
    enum Sharing {
        /** Several consumers: after a restart one may be given what another had in hand. */
        SHARED,
        /** One alone: nothing that it has in hand comes again, and all comes in the order of its sender. */
        ALONE
    }

    Ledger(String name, Sharing sharing, Runs runs, Queue<String> violations) {
        this.name = name;
        this.sharing = sharing;
        this.runs = runs;
        this.violations = violations;
    }

    boolean isShared() {
        return sharing == Sharing.SHARED;
    }

    /** Waits until {@code count} more messages may be under way; false when there is no room for long. */
    boolean awaitRoom(int count) throws InterruptedException {
        return room.tryAcquire(count, 100, TimeUnit.MILLISECONDS);
    }

    /** These will not be sent. */
    void giveBack(int count) {
        room.release(count);
    }

    /** Its send, or the commit with it, has returned: it must arrive. */
    void confirm(long id) {
        entry(id).confirmed = true;
        confirmed.increment();
    }

    /** The transaction is rolled back, or was: nothing of it may arrive, ever. */
    void undo(long unit) {
        undone.add(unit);
    }

    /** An application has it in hand; its connection was known to be answered by run {@code provenRun}. */
    void arrive(Sighting sighting, String consumer, int provenRun) {
        Entry entry = entry(sighting.id());
        synchronized (entry) {
            checkCount(sighting, consumer);
            if (entry.finished != null) {
                violate(sighting, "came to " + consumer + " after " + entry.finished + " had finished it");
            } else if (entry.seenBy != null) {
                repeats.increment();
                checkRepeat(entry, sighting, consumer);
            } else if (sighting.redelivered()) {
                cautious.increment();
            }
            entry.tell(consumer + " sees delivery " + sighting.deliveryCount() + " in run " + runs.endedCount()
                    + ", sure of " + provenRun);
            entry.cautious = sighting.redelivered() && sighting.deliveryCount() == 2 && isUncounted(entry);
            entry.seenBy = consumer;
            entry.seenRun = provenRun;
            entry.seenCount = sighting.deliveryCount();
            entry.unit = sighting.unit();
            entry.released = false;
        }
    }

    private void checkCount(Sighting sighting, String consumer) {
        if (sighting.redelivered() != sighting.deliveryCount() > 1) {
            violate(sighting, "came to " + consumer + ", flag and delivery count contradict each other");
        }
    }

    private void checkRepeat(Entry entry, Sighting sighting, String consumer) {
        boolean restarted = runs.endedCount() > entry.seenRun;
        if (!sighting.redelivered()) {
            violate(sighting, "came to " + consumer + " without the flag after " + entry.seenBy + " had seen it");
        }
        if (!entry.released && (sharing == Sharing.ALONE || !restarted)) {
            violate(
                    sighting,
                    "came to " + consumer + " while " + entry.seenBy + " had it in hand"
                            + (restarted ? "" : " and the server ran on"));
        }
        // What was flagged out of caution, with a count of 2, had perhaps not been seen before.
        boolean isCounted = sighting.deliveryCount() == entry.seenCount + 1
                || entry.cautious && sighting.deliveryCount() == entry.seenCount;
        if (entry.released && !restarted && !isCounted) {
            violate(sighting, "came to " + consumer + " after delivery " + entry.seenCount);
        }
    }

    /** Whether the server cannot know that it was seen before: its flag is due to caution, and no attempt is counted. */
    private boolean isUncounted(Entry entry) {
        return entry.seenBy == null || !entry.released || runs.endedCount() > entry.seenRun;
    }

    /** The consumer is about to give it back, unless it was given to another already. */
    void release(long id, String consumer) {
        Entry entry = entry(id);
        synchronized (entry) {
            if (consumer.equals(entry.seenBy)) {
                entry.released = true;
            }
            entry.tell(consumer + " gives it back");
        }
    }

    /** The acknowledgement, or the commit, of a consumer that must not see it again has returned. */
    void finish(long id, String consumer) {
        Entry entry = entry(id);
        String story;
        synchronized (entry) {
            if (entry.finished != null) {
                violations.add(text(id) + " was finished by " + consumer + " and before by " + entry.finished);
                return;
            }
            entry.finished = consumer;
            story = entry.story + " (delivery " + entry.seenCount + ")";
        }
        if (sharing == Sharing.ALONE) {
            checkOrder(id, story);
        }
        count(entry);
    }

    private void checkOrder(long id, String story) {
        synchronized (lastFinished) {
            Long last = lastFinished.put(Sighting.sender(id), id);
            if (last != null && last > id) {
                violations.add(text(id) + " " + story + " came after " + Sighting.text(last));
            }
        }
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

    boolean isMissingAny() {
        return arrived.sum() < confirmed.sum() || !missing().isEmpty();
    }

    /** What was confirmed and has not arrived; the first of it. */
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

    /** What arrived, though its transaction was rolled back, or its send was never confirmed; the first of it. */
    Collection<String> unwanted() {
        List<String> unwanted = new ArrayList<>();
        entries.forEach((id, entry) -> {
            synchronized (entry) {
                boolean isOfUndone = entry.seenBy != null && undone.contains(entry.unit);
                if ((isOfUndone || entry.counted && !entry.confirmed) && unwanted.size() < SHOWN_MAX) {
                    unwanted.add(
                            text(id) + (isOfUndone ? " of rolled back transaction " + entry.unit : ", unconfirmed,")
                                    + " came to " + entry.seenBy);
                }
            }
        });
        return unwanted;
    }

    @Override
    public String toString() {
        return name + ": " + confirmed + " confirmed, " + arrived + " arrived, " + repeats + " repeats, " + cautious
                + " flagged out of caution, " + undone.size() + " transactions rolled back";
    }

    private void violate(Sighting sighting, String what) {
        violations.add(text(sighting.id()) + " " + entry(sighting.id()).story
                + (sighting.redelivered() ? " (flagged, " : " (not flagged, ") + "delivery " + sighting.deliveryCount()
                + ") " + what);
    }

    private String text(long id) {
        return name + " " + Sighting.text(id);
    }

    private Entry entry(long id) {
        return entries.computeIfAbsent(id, key -> new Entry());
    }

    /** Guarded by itself, but for {@code confirmed}. */
    private static final class Entry {
        private volatile boolean confirmed;
        private String seenBy;
        private int seenRun;
        private int seenCount;
        private boolean cautious;
        private long unit;
        private boolean released;
        private String finished;
        private boolean counted;

        /** What happened to it, once something was not plain. */
        private String story = "";

        void tell(String event) {
            if (seenBy != null) {
                story = (story.isEmpty() ? "first seen by " + seenBy + " as delivery " + seenCount : story) + "; "
                        + event;
            }
        }
    }
}
