package io.posthorn.broker.admission;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Who waits for the same thing, first come first served; whoever came too late once is first again. For those who were told
 * room is kept for a moment, or all would be told of the same room.
 */
final class WaitingLine {

    /** How long room is kept for whoever was told of it. */
    private static final long KEPT_MS = 1000;

    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(Comparator.comparingLong(Waiter::order));
    private final List<Waiter> told = new ArrayList<>();

    /** Whether so much more fits. */
    interface Room {
        boolean fits(long messages, long bytes);
    }

    /** One that stands there already keeps its place. */
    void add(Waiter waiter) {
        if (!waiters.contains(waiter)) {
            waiters.add(waiter);
        }
    }

    /** The first who still waits, or null. */
    Waiter first() {
        while (!waiters.isEmpty() && !waiters.peek().isWaiting()) {
            waiters.poll();
        }
        return waiters.peek();
    }

    /** Tells as many as there is room for; one in any case when there is nothing that could make room by leaving. */
    void tell(Room room, boolean isEmpty, long nowMs) {
        told.removeIf(waiter -> !waiter.isTold() || nowMs - waiter.toldMs() >= KEPT_MS);
        if (first() == null) {
            return;
        }
        long messages = 0;
        long bytes = 0;
        for (Waiter waiter : told) {
            messages += waiter.messages();
            bytes += waiter.bytes();
        }
        for (Waiter next = first(); next != null; next = first()) {
            messages += next.messages();
            bytes += next.bytes();
            boolean isFirst = isEmpty && told.isEmpty();
            if (!isFirst && !room.fits(messages, bytes)) {
                return;
            }
            waiters.poll();
            told.add(next);
            next.tell(nowMs);
        }
    }

    /** Whether nobody waits, and room is kept for nobody. */
    boolean isEmpty() {
        return first() == null && told.isEmpty();
    }

    int size() {
        int size = 0;
        for (Waiter waiter : waiters) {
            size += waiter.isWaiting() ? 1 : 0;
        }
        return size;
    }
}
