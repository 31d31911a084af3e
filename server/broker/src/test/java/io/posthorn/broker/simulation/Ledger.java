package io.posthorn.broker.simulation;

import io.posthorn.wire.frame.BranchId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What JMS promises, as a judge: knows what was sent, acknowledged and seen, and in which unit of work, and says when
 * something was seen that must not be, or is missing at the end. Knows nothing of how the broker works.
 */
final class Ledger {

    final Map<String, Message> messages = new LinkedHashMap<>();
    final List<Unit> units = new ArrayList<>();

    /** Branches that an operator ended in the place of their coordinators. */
    final Set<BranchId> decided = new HashSet<>();

    private final Map<String, Copy> copies = new LinkedHashMap<>();
    private final Map<String, Long> lastInOrder = new HashMap<>();
    private final Runnable onViolation;

    /** The number of the broker's run. */
    int run;

    long seen;
    long seenAgain;
    long buried;
    long seenPassing;
    /** Pieces of long messages that were fetched. */
    long pieces;

    long recalled;

    /** Whether what is there may have to make room for what comes. */
    boolean mayDrop;

    long blocked;

    /** Whether no broker and no client was lost so far for longer than it takes to give up what it held. */
    boolean countsAreExact = true;

    Ledger(Runnable onViolation) {
        this.onViolation = onViolation;
    }

    /** How a unit of work stands. */
    enum State {
        /** Nothing of it may show. */
        OPEN,
        /** Its end was asked for; it may have happened. */
        COMMITTING,
        COMMITTED,
        ROLLED_BACK,
        /** Nobody will ever be told. */
        DOUBT
    }

    /** What stands or falls together: a send, an acknowledgement, a transaction, a branch. */
    final class Unit {
        final String name;
        final List<Message> sent = new ArrayList<>();
        final List<Copy> settled = new ArrayList<>();
        State state = State.OPEN;

        Unit(String name) {
            this.name = name;
            units.add(this);
        }

        void state(State next) {
            state = next;
        }

        /** Whether it puts something into a log that must survive. */
        boolean takesRoom() {
            return sent.stream().anyMatch(message -> message.logged);
        }

        boolean isEmpty() {
            return sent.isEmpty() && settled.isEmpty();
        }

        void settle(Copy copy) {
            settled.add(copy);
            copy.settling.add(this);
        }

        @Override
        public String toString() {
            return name + " " + state;
        }
    }

    /** One message. */
    final class Message {
        final String id;
        final Unit unit;
        final boolean persistent;
        final boolean expires;
        final int madeInRun = run;

        /** Whether there is a log where it goes that must have it. */
        boolean logged;

        final List<Copy> copies = new ArrayList<>();

        Message(String id, Unit unit, boolean persistent, boolean expires) {
            this.id = id;
            this.unit = unit;
            this.persistent = persistent;
            this.expires = expires;
            unit.sent.add(this);
            messages.put(id, this);
        }

        /** {@code passes} says whether a copy lives no longer than the broker's run, or than those who read there. */
        void goesTo(String place, boolean passes) {
            Copy copy = new Copy(this, place, passes);
            copies.add(copy);
            Ledger.this.copies.put(place + "/" + id, copy);
        }

        /** Whether it must be somewhere, if its unit is committed. */
        boolean isCertain() {
            return !expires && (persistent || unit.state == State.COMMITTED && madeInRun == run);
        }

        @Override
        public String toString() {
            return id + (persistent ? "" : " (non-persistent)") + (expires ? " (expires)" : "") + " of " + unit;
        }
    }

    /** A message in a queue or subscription. */
    static final class Copy {
        final Message message;
        final String place;
        final boolean passes;
        final List<Unit> settling = new ArrayList<>();
        int seen;
        int drained;
        int seenInRun;

        /** An operator emptied the place, so it need not be there any more. */
        boolean mayBeGone;

        /** Its queue was deleted for good. */
        boolean dropped;

        /** Deletions of its queue that may have happened. */
        final List<Drop> drops = new ArrayList<>();

        /** It may have been sent back as a dead letter: its deliveries are counted anew, and its turn comes later. */
        boolean mayBeBack;

        Copy(Message message, String place, boolean passes) {
            this.message = message;
            this.place = place;
            this.passes = passes;
            this.seenInRun = message.madeInRun;
        }

        /** A passing copy went with its broker; the send of it may have been repeated. */
        void onSeenIn(int run) {
            if (passes && seenInRun != run) {
                seen = 0;
                settling.clear();
            }
            seenInRun = run;
        }

        boolean isSettledIn(State state) {
            return settling.stream().anyMatch(unit -> unit.state == state);
        }

        boolean isSettled() {
            return isSettledIn(State.COMMITTED);
        }

        boolean isMaybeSettled() {
            return isSettledIn(State.DOUBT) || isSettledIn(State.COMMITTING);
        }

        boolean showed() {
            return seen > 0 || drained > 0;
        }

        @Override
        public String toString() {
            return "copy in " + place + " of " + message + ", seen " + seen + " times, drained " + drained
                    + " times, settled in " + settling;
        }
    }

    /** The deletion of a place, which is whole or has not happened. */
    final class Drop {
        private final List<Copy> copies = new ArrayList<>();

        /** Something that went with it is there. */
        boolean undone;

        /** It is durable. */
        void happened() {
            copies.forEach(copy -> copy.dropped = true);
        }
    }

    /** An operator deletes a place, with all that is certainly there. */
    Drop drop(String place) {
        Drop drop = new Drop();
        for (Copy copy : copies.values()) {
            Unit unit = copy.message.unit;
            boolean there = copy.place.equals(place) && copy.drained == 0;
            if (there && unit.state == State.COMMITTED) {
                drop.copies.add(copy);
                copy.drops.add(drop);
            } else if (there && unit.state != State.OPEN) {
                copy.mayBeGone = true;
            }
        }
        return drop;
    }

    boolean isDecided(BranchId branch) {
        return decided.contains(branch);
    }

    /** An operator empties a place. */
    void onPurge(String place) {
        copies.values().forEach(copy -> copy.mayBeGone |= copy.place.equals(place));
    }

    /** An operator sends dead letters back. */
    void onResend() {
        countsAreExact = false;
        copies.values().forEach(copy -> copy.mayBeBack |= copy.seen > 0);
    }

    /** An application is handed a message. */
    Copy onSeen(String place, String id, boolean redelivered, int attempts) {
        Copy copy = copy(place, id);
        copy.onSeenIn(run);
        check(isVisible(copy.message.unit), "seen though never sent", copy);
        check(!copy.isSettled(), "came back after its acknowledgement was durable", copy);
        check(copy.drained == 0, "seen after it was drained", copy);
        check(copy.seen == 0 || redelivered || copy.mayBeBack, "seen again without the redelivered flag", copy);
        check(redelivered == attempts > 0, "flagged and counted differently: " + attempts, copy);
        check(!countsAreExact || attempts == copy.seen, "counted " + attempts + " attempts", copy);
        copy.seen++;
        seen++;
        seenPassing += copy.passes ? 1 : 0;
        seenAgain += copy.seen > 1 ? 1 : 0;
        return copy;
    }

    /** Where only one consumer reads: what is not redelivered comes in the order in which it was sent. */
    void onSeenInOrder(Copy copy, String stream, long number) {
        if (copy.mayBeBack) {
            return;
        }
        long before = lastInOrder.getOrDefault(stream, -1L);
        check(number > before, "seen after number " + before + " of its stream", copy);
        lastInOrder.put(stream, number);
    }

    /** At the end, what was still there is taken out. */
    void onDrained(String place, String id, boolean redelivered, boolean dead) {
        Copy copy = copy(place, id);
        copy.onSeenIn(run);
        check(isVisible(copy.message.unit), "drained though never sent", copy);
        check(!copy.isSettled(), "still there after its acknowledgement was durable", copy);
        check(copy.seen == 0 || redelivered || dead || copy.mayBeBack, "drained without the redelivered flag", copy);
        check(!copy.dropped || dead, "came back after its queue was deleted", copy);
        copy.drops.forEach(drop -> drop.undone |= !dead);
        copy.drained++;
        buried += dead ? 1 : 0;
        check(copy.drained == 1, "there twice", copy);
    }

    private static boolean isVisible(Unit unit) {
        return unit.state != State.OPEN && unit.state != State.ROLLED_BACK;
    }

    /** After all was drained: nothing is missing, and units are whole. */
    void checkEnd() {
        for (Unit unit : units) {
            boolean showed = unit.sent.stream()
                    .filter(message -> message.persistent)
                    .flatMap(message -> message.copies.stream())
                    .anyMatch(Copy::showed);
            boolean stands = unit.state == State.COMMITTED || showed;
            if (stands) {
                unit.sent.forEach(this::checkThere);
            }
            if (showed || unit.state == State.COMMITTED) {
                unit.settled.forEach(
                        copy -> check(copy.drained == 0 || copy.passes, "there although " + unit + " stands", copy));
            }
        }
    }

    private void checkThere(Message message) {
        for (Copy copy : message.copies) {
            boolean wentAlong = copy.dropped || copy.drops.stream().anyMatch(drop -> !drop.undone);
            boolean gone = copy.isSettled() || copy.isMaybeSettled() || copy.mayBeGone || wentAlong;
            check(!message.isCertain() || mayDrop || copy.passes || gone || copy.drained == 1, "lost", copy);
        }
    }

    private Copy copy(String place, String id) {
        Copy copy = copies.get(place + "/" + id);
        check(copy != null, "a message in " + place + " that nobody sent there: " + id, null);
        return copy;
    }

    void check(boolean good, String what, Copy copy) {
        if (!good) {
            onViolation.run();
            throw new AssertionError(what + (copy == null ? "" : ": " + copy));
        }
    }
}
