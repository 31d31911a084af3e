package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.Pending;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.model.ModelConsumer;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Several applications on one connection, and a network and a server that fail at random. */
final class Turmoil {

    private static final Address AUTO = Address.queue("auto");
    private static final Address VOLATILE = Address.queue("volatile");
    private static final Address IN = Address.queue("in");
    private static final Address OUT = Address.queue("out");
    private static final Address BRANCHES = Address.queue("branches");

    private static final Address LEFT = Address.queue("left");
    private static final Address TEMPORARY = new Address(Address.Kind.TEMPORARY_QUEUE, "temporary");

    private final World world = new World(1);
    private final Random random;
    private final ResumingConnection connection;
    private final EngineSession producer;
    private final EngineSession sender;
    private final EngineSession xaSession;
    private final EngineConsumer auto;
    private final EngineConsumer temporary;
    private final Gatherer gatherer;
    private final Hearer hearer;
    private EngineConsumer moverConsumer;

    private final Map<Address, Integer> sent = new HashMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private final List<String> autoHanded = new ArrayList<>();
    private final List<String> committed = new ArrayList<>();
    private final List<String> inBranches = new ArrayList<>();
    private int transactions;
    private boolean calm;
    private int faults;

    Turmoil(long seed) throws EngineException {
        random = new Random(seed);
        connection = world.connect();
        producer = connection.openSession();
        EngineSession autoSession = connection.openSession();
        sender = connection.openSession();
        EngineSession mover = connection.openSession();
        xaSession = connection.openSession();
        auto = autoSession.attach(Source.queue(AUTO, null));
        gatherer = new Gatherer(connection.openSession());
        moverConsumer = mover.attach(Source.queue(IN, null));
        hearer = new Hearer(connection.openSession());
        connection.createTemporary(TEMPORARY).await();
        temporary = autoSession.attach(Source.queue(TEMPORARY, null));
        connection.start();
        world.settle();
        world.server.autoTake = false;
        world.server.autoServe = false;
        world.server.autoSync = false;
        if (random.nextBoolean()) {
            world.server.beLate();
        }
        world.turn = this::turn;
    }

    int faults() {
        return faults;
    }

    void run(int steps) throws EngineException {
        for (int step = 0; step < steps; step++) {
            world.transport.takesHere = random.nextBoolean();
            act();
            int turns = random.nextInt(6);
            for (int turn = 0; turn < turns; turn++) {
                turn();
            }
        }
    }

    /** What goes on outside of the applications. */
    private void turn() {
        int dice = random.nextInt(1000);
        if (dice < 400) {
            world.transport.runAll();
        } else if (dice < 700) {
            world.server.step();
        } else if (dice < 800) {
            world.server.serve();
        } else if (dice < 850) {
            world.server.sync();
        } else if (dice < 870) {
            world.server.tellUntold();
        } else if (dice < 890) {
            recall();
        } else if (dice < 985) {
            world.server.flush();
        } else if (!calm) {
            fail(dice);
        }
        world.transport.pass(random.nextInt(5));
    }

    private void recall() {
        for (ModelConsumer consumer : world.server.consumers()) {
            if (random.nextBoolean()) {
                world.server.say(new ServerFrame.Recall(consumer.id, consumer.generation));
            }
        }
    }

    private void fail(int dice) {
        faults++;
        if (dice < 988) {
            world.server.flush(); // what was confirmed may have left
        }
        world.transport.link.breakDown();
        if (dice >= 993) {
            world.server.crash();
        }
    }

    private void act() throws EngineException {
        switch (random.nextInt(20)) {
            case 0, 1 -> sendPlain(random.nextInt(20) == 0 ? 100 : 1);
            case 2 -> pending.add(producer.send(VOLATILE, Messages.volatileOne(next(VOLATILE)), false, false));
            case 3 ->
                pending.add(producer.send(Gatherer.QUEUE, Messages.persistent(next(Gatherer.QUEUE)), false, true));
            case 4, 5 -> sendTransaction();
            case 6, 7 -> receiveAuto();
            case 8, 9 -> move(1 + random.nextInt(4), random.nextInt(4) == 0);
            case 10 -> gatherer.receive();
            case 11 -> branch();
            case 12 -> reopen();
            case 13 -> pending.add(producer.send(LEFT, Messages.persistent(next(LEFT)), false, true));
            case 14 -> leave();
            case 15 -> useTemporary();
            case 16 -> pending.add(producer.send(Hearer.QUEUE, Messages.persistent(next(Hearer.QUEUE)), false, true));
            case 17 -> hearer.listenAnew();
            case 18 -> hearer.hear();
            default -> restart();
        }
    }

    /** A number for the next message to a queue. */
    private String next(Address queue) {
        return "" + (sent.merge(queue, 1, Integer::sum) - 1);
    }

    /** Of many, the later ones wait for each other. */
    private void sendPlain(int count) throws EngineException {
        for (int number = 0; number < count; number++) {
            pending.add(producer.send(AUTO, Messages.persistent(next(AUTO)), false, true));
        }
    }

    private void sendTransaction() throws EngineException {
        int size = 1 + random.nextInt(4);
        int number = transactions++;
        boolean rolledBack = random.nextInt(4) == 0;
        for (int part = 0; part < size; part++) {
            String text = number + "." + part;
            pending.add(sender.send(IN, Messages.persistent(text), true, false));
            if (!rolledBack) {
                committed.add(text);
            }
        }
        Pending end = rolledBack ? sender.rollback() : sender.commit();
        pending.add(end);
        if (random.nextInt(3) == 0) {
            end.await();
        }
    }

    private void receiveAuto() throws EngineException {
        for (Delivery delivery; (delivery = auto.poll()) != null; ) {
            autoHanded.add(Messages.text(delivery.envelope()));
            boolean forced = random.nextInt(5) == 0;
            Pending acknowledged = auto.session().acknowledge(delivery, forced);
            pending.add(acknowledged);
            if (forced) {
                acknowledged.await();
            }
        }
    }

    private void move(int most, boolean rolledBack) throws EngineException {
        for (int count = 0; count < most; count++) {
            Delivery delivery = moverConsumer.poll();
            if (delivery == null) {
                break;
            }
            pending.add(moverConsumer.session().send(OUT, delivery.envelope(), true, false));
        }
        if (rolledBack) {
            pending.add(moverConsumer.session().rollback());
        } else {
            moverConsumer.session().commit().await();
        }
    }

    private void branch() throws EngineException {
        int number = transactions++;
        BranchId branch = new BranchId(1, new byte[] {(byte) (number >> 8), (byte) number}, new byte[] {1});
        xaSession.xaStart(branch, 0, null).await();
        List<String> parts = List.of("x" + number + ".0", "x" + number + ".1");
        for (String part : parts) {
            pending.add(xaSession.send(BRANCHES, Messages.persistent(part), true, false));
        }
        xaSession.xaEnd(branch, 0).await();
        switch (random.nextInt(3)) {
            case 0 -> connection.rollback(branch).await();
            case 1 -> {
                connection.commit(branch, true).await();
                inBranches.addAll(parts);
            }
            default -> {
                connection.prepare(branch).await();
                connection.commit(branch, false).await();
                inBranches.addAll(parts);
            }
        }
    }

    private void reopen() throws EngineException {
        if (random.nextInt(3) == 0) {
            moverConsumer.close();
            moverConsumer = moverConsumer.session().attach(Source.queue(IN, null));
        }
    }

    /** A session that comes, takes, and goes without a word. */
    private void leave() throws EngineException {
        EngineSession passing = connection.openSession();
        EngineConsumer consumer = passing.attach(Source.queue(LEFT, null));
        turn();
        turn();
        consumer.poll();
        if (random.nextBoolean()) {
            consumer.close();
        }
        if (random.nextBoolean()) {
            pending.add(passing.send(LEFT, Messages.persistent("never"), true, false));
        }
        if (random.nextBoolean()) {
            pending.add(passing.rollback());
        }
        passing.close();
    }

    private void useTemporary() throws EngineException {
        temporary.onClosedByServer(cause -> {
            throw new AssertionError("the temporary queue is gone", cause);
        });
        pending.add(producer.send(TEMPORARY, Messages.persistent("t"), false, true));
        for (Delivery delivery; (delivery = temporary.poll()) != null; ) {
            pending.add(auto.session().acknowledge(delivery, false));
        }
    }

    private void restart() {
        connection.stop();
        if (random.nextBoolean()) {
            turn();
        }
        connection.start();
    }

    /** Faults end, and everything is brought to its end. */
    void calm() throws EngineException {
        hearer.listenAnew();
        calm = true;
        for (Pending each : pending) {
            each.await();
        }
        world.turn = null;
        world.server.autoTake = true;
        world.server.autoServe = true;
        world.server.autoSync = true;
        world.pass(20_000);
        for (int round = 0; round < 200; round++) {
            receiveAuto();
            move(1000, false);
            gatherer.receive();
            hearer.hear();
            world.settle();
        }
        gatherer.acknowledge();
        connection.close();
    }

    void check() {
        assertThat(autoHanded).as("handed over once and in order").isEqualTo(numbers(sent.getOrDefault(AUTO, 0)));
        assertThat(world.server.contents(AUTO)).isEmpty();
        assertThat(hearer.heard)
                .as("heard of once and in order")
                .isEqualTo(numbers(sent.getOrDefault(Hearer.QUEUE, 0)));
        assertThat(Messages.texts(world.server.contents(OUT)))
                .as("moved once, whole and in order")
                .isEqualTo(committed);
        assertThat(world.server.contents(IN)).isEmpty();
        assertThat(Messages.texts(world.server.contents(LEFT)))
                .containsExactlyInAnyOrderElementsOf(numbers(sent.getOrDefault(LEFT, 0)));
        assertThat(world.server.contents(Gatherer.QUEUE)).isEmpty();
        assertThat(Messages.texts(world.server.contents(BRANCHES)))
                .as("branches")
                .isEqualTo(inBranches);
        assertThat(Messages.texts(world.server.contents(VOLATILE)))
                .doesNotHaveDuplicates()
                .isSubsetOf(numbers(sent.getOrDefault(VOLATILE, 0)));
        assertThat(world.server.sessionCount()).isZero();
    }

    private static List<String> numbers(int count) {
        List<String> numbers = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            numbers.add("" + number);
        }
        return numbers;
    }

    /** An application that acknowledges all that it has now and then, or has it come again. */
    private final class Gatherer {
        private static final Address QUEUE = Address.queue("client");

        private final EngineConsumer consumer;
        private final Set<String> handed = new HashSet<>();
        private final Set<String> done = new HashSet<>();

        Gatherer(EngineSession session) throws EngineException {
            consumer = session.attach(Source.queue(QUEUE, null));
        }

        void receive() throws EngineException {
            for (Delivery delivery; (delivery = consumer.poll()) != null; ) {
                String text = Messages.text(delivery.envelope());
                assertThat(done).as("acknowledged before").doesNotContain(text);
                handed.add(text);
            }
            if (random.nextInt(3) == 0) {
                consumer.session().recover();
                handed.clear();
            } else if (random.nextBoolean()) {
                acknowledge();
            }
        }

        void acknowledge() throws EngineException {
            consumer.session().acknowledgeAll(true).await();
            done.addAll(handed);
            handed.clear();
        }
    }

    /** An application that looks for messages only when it is told to. */
    private final class Hearer {
        private static final Address QUEUE = Address.queue("heard");

        private final List<String> heard = new ArrayList<>();
        private EngineConsumer consumer;
        private boolean told;

        Hearer(EngineSession session) throws EngineException {
            listen(session);
        }

        private void listen(EngineSession session) throws EngineException {
            Source source = Source.queue(QUEUE, null);
            consumer = random.nextBoolean() ? session.attach(source) : session.attachOnDemand(source);
            told = false;
            for (int turns = random.nextInt(8); turns > 0; turns--) {
                turn();
            }
            if (random.nextBoolean()) {
                recall();
            }
            consumer.onAvailable(() -> told = true);
        }

        void listenAnew() throws EngineException {
            consumer.close();
            listen(consumer.session());
        }

        void hear() throws EngineException {
            while (told) {
                told = false;
                for (Delivery delivery; (delivery = consumer.poll()) != null; ) {
                    heard.add(Messages.text(delivery.envelope()));
                    pending.add(consumer.session().acknowledge(delivery, false));
                }
            }
        }
    }
}
