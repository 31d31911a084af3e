package io.posthorn.tck.crashes;

import io.posthorn.tck.crashes.Account.Arrival;
import io.posthorn.tck.crashes.Account.Item;
import io.posthorn.tck.crashes.Account.Outcome;
import io.posthorn.tck.crashes.Account.Unit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says from the diaries of one round whether each step of the messages' way was kept:
 *
 * <ul>
 *   <li>what a confirmed unit has sent is finished by one unit of a taker, once; what an undone unit has sent never comes;
 *   <li>a unit in doubt has had all of its effect or none, what it sent and what it acknowledged;
 *   <li>what was finished does not come to that taker again, and what comes again is flagged, also to another taker;
 *   <li>a taker alone gets things in the order of the sender, unless they were held for an earlier life of its own.
 * </ul>
 */
final class Judge {

    private static final int SHOWN_MAX = 40;

    private final Map<Role, Account> accounts = new EnumMap<>(Role.class);
    private final List<String> violations = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final Map<Role, Tally> tallies = new EnumMap<>(Role.class);

    /** In which order messages have to come. */
    private enum Order {
        /** None: there are several takers, or delays. */
        NONE,
        /** That of the sender, but for what an earlier life of the taker had in hand. */
        OF_A_LIFE,
        /** That of the sender: a new life takes over what the earlier one had, and all comes in its place. */
        STRICT
    }

    /** How much a role did. */
    static final class Tally {
        long done;
        long doubtful;
        long undone;
        long repeats;

        void add(Tally other) {
            done += other.done;
            doubtful += other.doubtful;
            undone += other.undone;
            repeats += other.repeats;
        }

        @Override
        public String toString() {
            return done + " messages confirmed, " + doubtful + " in doubt, " + undone + " rolled back or lost, "
                    + repeats + " came again";
        }
    }

    Judge(Path folder) {
        List<Role> takersFirst = new ArrayList<>(List.of(Role.values()));
        Collections.reverse(
                takersFirst); // or a diary that still grows tells of what the giver's did not know when it was read
        for (Role role : takersFirst) {
            Account account = Account.of(role, folder);
            accounts.put(role, account);
            tallies.put(role, tally(account));
            violations.addAll(account.bad());
        }
        judge(Role.PLAIN, Order.NONE, Role.PLAIN_TAKER_1, Role.PLAIN_TAKER_2);
        judge(Role.NEWS, Order.STRICT, Role.NEWS_READER_1);
        judge(Role.NEWS, Order.STRICT, Role.NEWS_READER_2);
        judge(Role.LATE, Order.NONE, Role.LATE_TAKER);
        judge(Role.BATCH, Order.OF_A_LIFE, Role.BATCH_RELAY);
        judge(Role.BATCH_RELAY, Order.OF_A_LIFE, Role.BATCH_TAKER);
        judge(Role.FEED, Order.OF_A_LIFE, Role.FEED_RELAY);
        judge(Role.FEED_RELAY, Order.OF_A_LIFE, Role.FEED_TAKER);
    }

    /** What is wrong, whatever may still come; the first of it. */
    List<String> violations() {
        return violations.subList(0, Math.min(violations.size(), SHOWN_MAX));
    }

    /** What has not come yet; the first of it. */
    List<String> missing() {
        return missing.subList(0, Math.min(missing.size(), SHOWN_MAX));
    }

    Map<Role, Tally> tallies() {
        return tallies;
    }

    private void judge(Role giver, Order order, Role... takers) {
        Step step = new Step(giver);
        for (Role taker : takers) {
            step.take(accounts.get(taker), takers.length == 1, order);
        }
        step.settle();
    }

    private Tally tally(Account account) {
        Tally tally = new Tally();
        Set<Item> seen = new HashSet<>();
        for (Unit unit : account.units()) {
            int size = unit.given().size();
            switch (unit.outcome()) {
                case DONE -> tally.done += size;
                case DOUBT -> {
                    if (unit.isAutomatic()) {
                        tally.done += size;
                    } else {
                        tally.doubtful += size;
                    }
                }
                case UNDONE -> tally.undone += size;
            }
            for (Arrival arrival : unit.arrivals()) {
                tally.repeats += seen.add(arrival.item()) ? 0 : 1;
            }
        }
        return tally;
    }

    /** One step: what one role gives to others. */
    private final class Step {

        private final Role giver;
        private final Map<Item, Unit> given = new HashMap<>();

        /** In which order they were sent; a relay's own order, and not that of who sent before it. */
        private final Map<Item, Long> places = new HashMap<>();

        private final Map<Item, Fate> fates = new HashMap<>();
        private final List<Doubt> doubts = new ArrayList<>();

        Step(Role giver) {
            this.giver = giver;
            for (Unit unit : accounts.get(giver).units()) {
                for (Item item : unit.given()) {
                    given.put(item, unit);
                    places.put(item, (long) places.size());
                }
            }
        }

        void take(Account taker, boolean isAlone, Order order) {
            Set<Item> finished = new HashSet<>();
            Map<Item, Unit> lastUnits = new HashMap<>();
            boolean isNeverKilled = taker.lifeCount() == 1;
            OrderCheck check = new OrderCheck(this, taker, order);
            for (Unit unit : taker.units()) {
                for (Arrival arrival : unit.arrivals()) {
                    arrive(taker, arrival);
                    lastUnits.put(arrival.item(), unit);
                    if (finished.contains(arrival.item())) {
                        violate(arrival.item() + " came to " + taker.role() + " again, which had finished it");
                    }
                }
                if (unit.isTakenAway() && isAlone) {
                    violate("unit " + unit.number() + " of " + taker.role()
                            + " lost its messages to others, and there are none");
                }
                if (unit.outcome() == Outcome.DONE) {
                    unit.arrivals().forEach(arrival -> finished.add(arrival.item()));
                    check.finish(unit);
                } else if (unit.isAutomatic() && isAlone && isNeverKilled) {
                    unit.arrivals().forEach(arrival -> finished.add(arrival.item()));
                } else if (unit.outcome() == Outcome.DOUBT && !unit.isAutomatic()) {
                    doubts.add(new Doubt(unit, lastUnits));
                }
                for (Arrival arrival : unit.arrivals()) {
                    fate(arrival.item()).note(unit.outcome());
                }
            }
        }

        private void arrive(Account taker, Arrival arrival) {
            Item item = arrival.item();
            Unit unit = given.get(item);
            if (unit == null) {
                violate(item + " came to " + taker.role() + ", and " + giver + " has not written it down");
            } else if (unit.outcome() == Outcome.UNDONE) {
                violate(item + " came to " + taker.role() + ", and " + giver + " has not committed it");
            }
            if (arrival.redelivered() != arrival.deliveryCount() > 1) {
                violate(item + " came to " + taker.role() + " with flag " + arrival.redelivered()
                        + " and delivery count " + arrival.deliveryCount());
            }
            Fate fate = fate(item);
            if (!arrival.redelivered() && ++fate.unflaggedCount > 1) {
                violate(item + " came to " + taker.role() + " again without the flag");
            }
        }

        void settle() {
            for (Unit unit : accounts.get(giver).units()) {
                List<Item> items = unit.given();
                long arrived = items.stream().filter(fates::containsKey).count();
                boolean isDue = unit.outcome() == Outcome.DONE || unit.outcome() == Outcome.DOUBT && arrived > 0;
                for (Item item : items) {
                    Fate fate = fates.get(item);
                    if (fate != null && fate.doneCount > 1) {
                        violate(item + " was finished " + fate.doneCount + " times");
                    }
                    if (isDue && (fate == null || fate.doneCount + fate.doubtCount == 0)) {
                        missing.add(item
                                + (unit.outcome() == Outcome.DONE
                                        ? " was confirmed"
                                        : " is of a unit that came in part")
                                + (fate == null ? " and has not come" : " and is not finished"));
                    }
                }
            }
            doubts.forEach(this::settleDoubt);
        }

        /**
         * Either all of it was acknowledged, or all of it has come again. A relay has sent on in the one case, and has not in the
         * other, which the next step looks at.
         */
        private void settleDoubt(Doubt doubt) {
            List<Arrival> arrivals = doubt.unit().arrivals();
            long again = arrivals.stream()
                    .map(Arrival::item)
                    .filter(item ->
                            fates.get(item).doneCount > 0 || doubt.lastUnits().get(item) != doubt.unit())
                    .count();
            if (again != 0 && again != arrivals.size()) {
                missing.add("unit " + doubt.unit().number() + " was in doubt, and " + again
                        + " of its messages came again: " + arrivals);
            }
            doubt.unit().settle(again == 0);
        }

        private Fate fate(Item item) {
            return fates.computeIfAbsent(item, key -> new Fate());
        }

        private void violate(String text) {
            violations.add(text);
        }
    }

    /** A unit of which a taker does not know the end, and the last unit that it had each item in. */
    private record Doubt(Unit unit, Map<Item, Unit> lastUnits) {}

    /** What became of an item at its takers. */
    private static final class Fate {
        private int unflaggedCount;
        private int doneCount;
        private int doubtCount;

        void note(Outcome outcome) {
            doneCount += outcome == Outcome.DONE ? 1 : 0;
            doubtCount += outcome == Outcome.DOUBT ? 1 : 0;
        }
    }

    /** Whether a taker finishes what comes of each life of the giver in the order in which it was sent. */
    private final class OrderCheck {

        private final Step step;
        private final Account taker;
        private final Order order;
        private final Map<Integer, Item> last = new HashMap<>();
        private int life;

        OrderCheck(Step step, Account taker, Order order) {
            this.step = step;
            this.taker = taker;
            this.order = order;
        }

        void finish(Unit unit) {
            if (order == Order.NONE) {
                return;
            }
            boolean isLenient = order == Order.OF_A_LIFE && taker.lifeCount() > 1;
            if (isLenient && unit.life() != life) {
                last.clear();
                life = unit.life();
            }
            for (Arrival arrival : unit.arrivals()) {
                if (isLenient && arrival.redelivered()) {
                    continue;
                }
                Item item = arrival.item();
                if (!step.given.containsKey(item)) {
                    continue; // which was said already
                }
                Item before = last.put(step.given.get(item).life(), item);
                if (before != null && step.places.get(before) > step.places.get(item)) {
                    violations.add(item + " came to " + taker.role() + " after " + before);
                }
            }
        }
    }
}
