package io.posthorn.tck.crashes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a role's diary says, put together by units of work, in their order. */
final class Account {

    private final Role role;
    private final Map<Long, Unit> units = new LinkedHashMap<>();
    private final List<String> bad = new ArrayList<>();
    private int lifeCount;

    private Account(Role role) {
        this.role = role;
    }

    /** What became of a unit. */
    enum Outcome {
        /** Confirmed, or decided by who decides. */
        DONE,
        /** The role died before it was told: all of it, or nothing. */
        DOUBT,
        /** It must have no effect. */
        UNDONE
    }

    /** One message on one step of its way: sent by this unit of this role. */
    record Item(String producer, long number, long unit) {

        @Override
        public String toString() {
            return producer + " " + number + " of unit " + (unit >>> 32) + "/" + (unit & 0xFFFF_FFFFL);
        }
    }

    /** A message that came, as the item that was sent. */
    record Arrival(Item item, boolean redelivered, int deliveryCount) {}

    /** A unit of work: of a sender what it sends, of a taker what came, in order. */
    static final class Unit {
        private final long number;
        private final int life;
        private final List<Item> sent = new ArrayList<>();
        private final List<Arrival> arrivals = new ArrayList<>();
        private Outcome outcome;
        private boolean automatic;
        private boolean taken;

        Unit(long number, int life) {
            this.number = number;
            this.life = life;
        }

        long number() {
            return number;
        }

        int life() {
            return life;
        }

        List<Arrival> arrivals() {
            return arrivals;
        }

        Outcome outcome() {
            return outcome;
        }

        /** What others have seen of it ends the doubt. */
        void settle(boolean isDone) {
            outcome = isDone ? Outcome.DONE : Outcome.UNDONE;
        }

        /** Acknowledged by coming: the acknowledgement may be lost with the taker. */
        boolean isAutomatic() {
            return automatic;
        }

        /** Whether its end was refused, as its messages had been given to others. */
        boolean isTakenAway() {
            return taken;
        }

        /** What those downstream get of it: what it sent itself, or what it sent on. */
        List<Item> given() {
            return arrivals.isEmpty()
                    ? sent
                    : arrivals.stream()
                            .map(arrival -> new Item(
                                    arrival.item().producer(), arrival.item().number(), number))
                            .toList();
        }
    }

    static Account of(Role role, Path folder) {
        Account account = new Account(role);
        for (String line : Diary.read(folder.resolve(role.diary()))) {
            account.read(line, line.split(" ", -1));
        }
        return account;
    }

    private void read(String line, String[] words) {
        switch (words[0]) {
            case "life" -> lifeCount++;
            case "bad" -> bad.add(role + ": " + line.substring(4).replace('|', '\n'));
            case "send" -> sent(words, Outcome.DOUBT);
            case "stage" -> sent(words, Outcome.UNDONE);
            case "got" -> arrived(words).outcome = Outcome.UNDONE;
            case "auto" -> {
                Unit unit = arrived(words);
                unit.outcome = Outcome.DOUBT;
                unit.automatic = true;
            }
            case "commit" -> unit(words).outcome = Outcome.DOUBT;
            case "decide", "done" -> unit(words).outcome = Outcome.DONE;
            case "undo", "prepare" -> unit(words).outcome = Outcome.UNDONE;
            case "lost" -> {
                unit(words).outcome = Outcome.UNDONE;
                unit(words).taken = true;
            }
            default -> throw new IllegalStateException("No such line: " + line);
        }
    }

    private void sent(String[] words, Outcome outcome) {
        Unit unit = unit(words);
        long first = Long.parseLong(words[2]);
        for (int index = 0; index < Integer.parseInt(words[3]); index++) {
            unit.sent.add(new Item(role.name(), first + index, unit.number));
        }
        unit.outcome = outcome;
    }

    private Unit arrived(String[] words) {
        Unit unit = unit(words);
        unit.arrivals.add(new Arrival(
                new Item(words[2], Long.parseLong(words[3]), Long.parseLong(words[4])),
                Boolean.parseBoolean(words[5]),
                Integer.parseInt(words[6])));
        return unit;
    }

    private Unit unit(String[] words) {
        return units.computeIfAbsent(Long.valueOf(words[1]), number -> new Unit(number, lifeCount));
    }

    Role role() {
        return role;
    }

    Collection<Unit> units() {
        return units.values();
    }

    /** What the role itself found wrong. */
    List<String> bad() {
        return bad;
    }

    int lifeCount() {
        return lifeCount;
    }
}
