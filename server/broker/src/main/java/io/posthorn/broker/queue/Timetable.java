package io.posthorn.broker.queue;

import io.posthorn.wire.frame.EntryRanges;
import java.util.Comparator;
import java.util.PriorityQueue;

/** When something happens to a queue's entries by itself: delayed ones become ready, expired ones go. */
final class Timetable {

    /** Expired entries that nobody asks for are looked for at most this often. */
    private static final long SWEEP_INTERVAL_MS = 1000;

    private final PriorityQueue<Due> delayed =
            new PriorityQueue<>(Comparator.comparingLong(Due::timeMs).thenComparingLong(Due::entry));
    private long sweepAtMs = Long.MAX_VALUE;
    private long earliestSweepMs;

    private record Due(long timeMs, long entry) {}

    /** What is found to be expired: entries in the log, and others. */
    record Expired(EntryRanges logged, EntryRanges unlogged) {}

    void delay(long entry, long untilMs) {
        delayed.add(new Due(untilMs, entry));
    }

    /** An entry that expires is where a sweep finds it. */
    void expires(long atMs) {
        sweepAtMs = Math.min(sweepAtMs, Math.max(atMs, earliestSweepMs));
    }

    boolean isAnyDue(long nowMs) {
        return !delayed.isEmpty() && delayed.peek().timeMs() <= nowMs;
    }

    /** The next entry that is due. */
    long takeDue() {
        return delayed.remove().entry();
    }

    boolean isSweepDue(long nowMs) {
        return sweepAtMs <= nowMs;
    }

    /** Looks for expired entries that nobody holds, and sets the time of the next look. */
    Expired sweep(Entries entries, long nowMs) {
        EntryRanges.Builder logged = new EntryRanges.Builder();
        EntryRanges.Builder unlogged = new EntryRanges.Builder();
        earliestSweepMs = nowMs + SWEEP_INTERVAL_MS;
        sweepAtMs = Long.MAX_VALUE;
        entries.forEach((block, index) -> {
            long expiration = block.expiration(index);
            if (expiration == 0 || block.state(index) == EntryBlock.TAKEN) {
                return;
            }
            if (expiration <= nowMs) {
                (block.isDurable(index) ? logged : unlogged).add(block.ids[index]);
            } else {
                expires(expiration);
            }
        });
        return new Expired(logged.build(), unlogged.build());
    }

    /** {@link Long#MAX_VALUE} for never. */
    long nextDeadlineMs() {
        return Math.min(
                sweepAtMs, delayed.isEmpty() ? Long.MAX_VALUE : delayed.peek().timeMs());
    }

    void clear() {
        delayed.clear();
        sweepAtMs = Long.MAX_VALUE;
    }
}
