package io.posthorn.broker.simulation;

import io.posthorn.broker.store.Refusal;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.Source;
import java.util.Random;

/**
 * What goes wrong, or away, beside the clients: the disk is full for a while, or returns an error; an operator deletes
 * queues, to which others send very much now and then. A life has some of these, or none. Has chance of its own, so that a seed means the same without it.
 */
final class Troubles {

    /** In one step of so many the disk becomes full, and in one of so many it has room again. */
    private static final int STEPS_WITH_ROOM = 80;

    private static final int STEPS_WITHOUT_ROOM = 25;
    private static final int STEPS_BETWEEN_FAILURES = 200;
    private static final int STEPS_BETWEEN_VISITS = 40;

    private final World world;
    private final Random random;
    private final boolean presses;
    private final boolean fails;
    final boolean drops;

    /** What the journal is short of; null when of nothing. */
    Pressure pressure;

    long pressures;
    long failures;
    long dropped;

    private Troubles(World world, Random random, boolean any) {
        this.world = world;
        this.random = random;
        this.presses = random.nextBoolean() && any;
        this.fails = random.nextBoolean() && any;
        this.drops = random.nextBoolean() && any;
    }

    static Troubles of(World world, long seed) {
        return new Troubles(world, new Random(seed * 31 + 7), true);
    }

    static Troubles none(World world) {
        return new Troubles(world, new Random(0), false);
    }

    void actSometimes() {
        if (presses && random.nextInt(pressure == null ? STEPS_WITH_ROOM : STEPS_WITHOUT_ROOM) == 0) {
            if (pressure == null) {
                press();
            } else {
                relieve();
            }
        }
        if (fails && random.nextInt(STEPS_BETWEEN_FAILURES) == 0) {
            failJournal();
        }
        if (drops && random.nextInt(STEPS_BETWEEN_VISITS) == 0) {
            switch (random.nextInt(4)) {
                case 0, 1 -> visit();
                case 2 -> drop();
                default -> flood();
            }
        }
    }

    /** Where to send to instead, now and then: a queue that an operator may delete; 0 for the usual. */
    int passingAlias() {
        return drops && random.nextInt(5) == 0 ? Places.passingAlias(random.nextInt(Places.PASSING_QUEUES)) : 0;
    }

    private void press() {
        pressure = new Pressure("the disk has " + random.nextInt(1000) + " bytes free; disk-free-min is 1000", 0);
        pressures++;
        world.trace("the disk is full");
    }

    /** From this turn on there is room, and whoever waited for it is told. */
    void relieve() {
        if (pressure != null) {
            pressure = null;
            world.trace("the disk has room again");
            world.turn(() -> {});
            int blocked = world.broker.report().pressure().blockedSenders();
            world.ledger.check(blocked == 0, blocked + " senders wait for room that there is", null);
        }
    }

    /**
     * The disk takes nothing more, whatever is appended from now on. The broker hears of it at some time, and is not called
     * any more; another one starts with what there is.
     */
    private void failJournal() {
        failures++;
        world.trace("the disk returns errors");
        world.journal.failNext(new JournalException(JournalException.Kind.FAILED, "an error of the disk"));
        for (int left = random.nextInt(12); left > 0 && !world.hasFailed(); left--) {
            Client client = world.clients.get(random.nextInt(world.clients.size()));
            if (random.nextBoolean()) {
                client.act();
            } else {
                world.turn(() -> client.deliverSome(1 + random.nextInt(8)));
            }
        }
        world.journal.runWrite();
        world.endBadly();
    }

    /** Somebody takes out all that is in a queue from which nobody else reads. */
    private void visit() {
        Address queue = anyPassing();
        world.trace("somebody empties " + queue);
        Collector visitor = new Collector(world);
        visitor.drain(Source.queue(queue, null));
        visitor.leave();
    }

    /** So many messages that are not stored that they go to the scratch log. */
    private void flood() {
        world.trace("somebody sends very much");
        Collector sender = new Collector(world);
        sender.flood(10 + random.nextInt(50));
        sender.leave();
    }

    private Address anyPassing() {
        return Places.passing(random.nextInt(Places.PASSING_QUEUES));
    }

    private void drop() {
        Address queue = anyPassing();
        world.trace("the operator drops " + queue);
        Ledger.Drop drop = world.ledger.drop(queue.name());
        world.turn(() -> {
            try {
                world.broker.administration().changes().drop(queue, true);
                dropped++;
            } catch (Refusal refusal) {
                world.trace("the operator is refused: " + refusal.getMessage());
                drop.undone = true;
            }
        });
        if (drop.undone) {
            return;
        }
        if (random.nextInt(3) == 0) {
            world.end();
        } else {
            world.syncAndRead();
            drop.happened();
        }
    }
}
