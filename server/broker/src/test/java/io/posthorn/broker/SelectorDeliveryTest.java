package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** Many consumers with selectors on one queue: whoever may want a message is looked for, and nobody is forgotten. */
class SelectorDeliveryTest {

    private static final Address QUEUE = Address.queue("q");
    private static final int STEPS = 4_000;

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected();

    @Test
    void shouldGiveEachMessageToTheOneThatWantsIt() {
        for (int kind = 0; kind < 100; kind++) {
            consume(kind, "kind = " + kind + " AND region IN ('north', 'south')");
        }

        for (int kind = 99; kind >= 0; kind--) {
            client.send(QUEUE, kind("m" + kind, kind).property("region", kind % 2 == 0 ? "north" : "south"));
            client.send(QUEUE, kind("elsewhere", kind).property("region", "west"));
        }

        List<ServerFrame.Deliver> delivered = client.take();
        assertThat(delivered).hasSize(100);
        assertThat(delivered).allSatisfy(each -> assertThat(kindOf(each)).isEqualTo((int) each.consumer()));
    }

    @Test
    void shouldFindWhatCameWhileThereWasNoCredit() {
        client.attach(1, 1, Source.queue(QUEUE, "kind = 1"));
        consume(2, "kind = 2");
        client.send(QUEUE, kind("a", 1));
        client.send(QUEUE, kind("b", 2));
        client.send(QUEUE, kind("c", 1));
        assertThat(client.takeTexts()).containsExactly("b");

        client.credit(1, 5);

        assertThat(client.takeTexts()).containsExactly("a", "c");
        client.send(QUEUE, kind("d", 1));
        assertThat(client.takeTexts()).containsExactly("d");
    }

    @Test
    void shouldFindWhatComesBackAfterItWentToTheEnd() {
        consume(1, "kind = 1");
        consume(2, "kind = 2");
        client.send(QUEUE, kind("a", 1));
        client.send(QUEUE, kind("b", 2));
        assertThat(client.takeTexts()).containsExactly("a", "b");
        consume(3, "kind = 1");
        client.send(QUEUE, kind("c", 2));
        assertThat(client.takeTexts()).containsExactly("c");

        client.detach(1);

        assertThat(client.takeTexts()).containsExactly("a");
    }

    @Test
    void shouldServeThoseWithAndWithoutASelectorInTurn() {
        client.consume(1, QUEUE);
        consume(2, "kind = 1");
        client.consume(3, QUEUE);

        for (int number = 0; number < 6; number++) {
            client.send(QUEUE, kind("m" + number, 1));
        }

        assertThat(client.take().stream().map(ServerFrame.Deliver::consumer)).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
    }

    @Test
    void shouldGoOnWhenOneInFrontHasLeft() {
        consume(1, "kind = 1");
        consume(2, "kind = 2");
        client.consume(3, QUEUE);
        client.detach(1);
        client.detach(3);

        client.send(QUEUE, kind("b", 2));

        assertThat(client.takeTexts()).containsExactly("b");
    }

    @Test
    void shouldLeaveNothingToNobodyWhoeverComesAndGoes() {
        long seed = System.nanoTime();
        System.out.println("SelectorDeliveryTest.shouldLeaveNothingToNobodyWhoeverComesAndGoes: seed " + seed);
        Model model = new Model(new Random(seed));
        for (int step = 0; step < STEPS; step++) {
            model.step();
            model.check("seed " + seed + " step " + step);
        }
        assertThat(model.delivered).isGreaterThan(STEPS / 10);
    }

    private void consume(long consumer, String selector) {
        client.consume(consumer, Source.queue(QUEUE, selector));
    }

    private static EnvelopeBuilder kind(String text, int kind) {
        return message(text).persistent(kind % 2 == 0).property("kind", kind);
    }

    private static int kindOf(ServerFrame.Deliver delivery) {
        return (Integer) Envelope.of(delivery.envelope()).property("kind");
    }

    /** What must be true of a queue with consumers that come, go, take and give back. */
    private final class Model {
        private final Random random;
        private final Map<Long, Taker> takers = new TreeMap<>();

        /** Kinds of the messages that nobody has, by their text. */
        private final Map<String, Integer> waiting = new HashMap<>();

        private long numbers;
        private int delivered;

        Model(Random random) {
            this.random = random;
        }

        void step() {
            int choice = random.nextInt(20);
            if (choice < 10) {
                int kind = random.nextInt(5);
                String text = "m" + ++numbers;
                waiting.put(text, kind);
                client.send(QUEUE, kind(text, kind).priority(random.nextInt(3)));
            } else if (choice < 12 || takers.isEmpty()) {
                open();
            } else {
                List<Taker> all = List.copyOf(takers.values());
                change(all.get(random.nextInt(all.size())), choice);
            }
        }

        private void open() {
            int kind = random.nextInt(5);
            switch (random.nextInt(3)) {
                case 0 -> open(null, any -> true);
                case 1 -> open("kind >= " + kind, other -> other >= kind);
                default -> open("kind = " + kind, other -> other == kind);
            }
        }

        private void open(String selector, IntPredicate wants) {
            Taker taker = new Taker(++numbers, wants);
            takers.put(taker.number, taker);
            client.attach(1, taker.number, Source.queue(QUEUE, selector));
        }

        private void change(Taker taker, int choice) {
            if (choice < 16) {
                taker.limit += random.nextInt(10);
                client.credit(taker.number, taker.limit);
            } else if (choice < 18 && !taker.held.isEmpty()) {
                client.acknowledge(taker.number, taker.held.remove(0).entry());
            } else {
                taker.held.forEach(each -> waiting.put(text(each), kindOf(each)));
                taker.held.clear();
                taker.limit = 0;
                taker.used = 0;
                if (choice == 18) {
                    client.release(taker.number);
                } else {
                    takers.remove(taker.number);
                    client.detach(taker.number);
                }
            }
        }

        void check(String when) {
            for (ServerFrame.Deliver delivery : client.take()) {
                Taker taker = takers.get(delivery.consumer());
                assertThat(waiting.remove(text(delivery))).as(when).isNotNull();
                assertThat(taker.wants.test(kindOf(delivery))).as(when).isTrue();
                taker.used++;
                taker.held.add(delivery);
                delivered++;
                assertThat(taker.used).as(when).isLessThanOrEqualTo(taker.limit);
            }
            for (Taker taker : takers.values()) {
                if (taker.used < taker.limit) {
                    assertThat(waiting.values()).as(when).noneMatch(taker.wants::test);
                }
            }
        }

        private static String text(ServerFrame.Deliver delivery) {
            return TestClient.text(delivery);
        }
    }

    private static final class Taker {
        private final long number;
        private final IntPredicate wants;
        private final List<ServerFrame.Deliver> held = new ArrayList<>();
        private long limit;
        private long used;

        Taker(long number, IntPredicate wants) {
            this.number = number;
            this.wants = wants;
        }
    }
}
