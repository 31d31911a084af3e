package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often something was tried, and where it goes when that was too often. */
class RedeliveryTest {

    private static final Address QUEUE = Address.queue("q");
    private static final Address DEAD = Address.queue("dead");

    private final BrokerHarness harness = new BrokerHarness(1 << 20, 0, 64L << 20);

    RedeliveryTest() {
        harness.destinationSettings.put("q", new DestinationSettings(true, 3, "dead"));
        harness.destinationSettings.put("t", new DestinationSettings(true, 3, "dead"));
        harness.destinationSettings.put("dead", new DestinationSettings(true, 3, "dead"));
    }

    private final TestClient client = harness.connected();

    @Test
    void shouldCountEachTimeThatAMessageWasHandedOver() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "a");

        returnCounted(1, 2);

        List<ServerFrame.Deliver> seen = client.take();
        assertThat(seen.stream().map(ServerFrame.Deliver::attempts)).containsExactly(0, 1, 2);
        assertThat(seen.stream().map(ServerFrame.Deliver::redelivered)).containsExactly(false, true, true);
    }

    @Test
    void shouldKeepTheCountOverARestartAndOverACrash() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "a");
        returnCounted(1, 1);
        client.release(1, client.last().entry());
        client.closeSession(1);

        harness.restart();
        TestClient second = harness.connected().consume(1, QUEUE);
        assertThat(second.last().attempts()).isEqualTo(2);
        assertThat(second.last().redelivered()).isTrue();

        harness.crash();
        TestClient third = harness.connected().consume(1, QUEUE);
        assertThat(third.last().attempts()).isEqualTo(2);
    }

    @Test
    void shouldMoveWhatWasTriedTooOftenToTheDeadLetterQueueAndSayWhy() {
        client.attach(1, QUEUE);
        client.credit(1, 1);
        client.send(
                QUEUE, message("poison").property("colour", "red").priority(7).correlationId("c"));
        client.send(QUEUE, "good");

        returnCounted(1, 3);

        assertThat(client.textsOf(1)).containsExactly("poison", "poison", "poison", "good");
        client.consume(2, DEAD);
        assertThat(client.textsOf(2)).containsExactly("poison");
        Envelope letter = TestClient.envelope(client.last());
        assertThat(letter.property("JMS_POSTHORN_ORIGIN")).isEqualTo("queue 'q'");
        assertThat(letter.property("JMS_POSTHORN_CAUSE")).isEqualTo("delivered 3 times without success");
        assertThat(letter.property("JMS_POSTHORN_ATTEMPTS")).isEqualTo(3);
        assertThat(letter.property("colour")).isEqualTo("red");
        assertThat(letter.priority()).isEqualTo(7);
        assertThat(letter.correlationId()).isEqualTo("c");
        assertThat(letter.persistent()).isTrue();
        assertThat(client.last().attempts()).isZero();
        assertThat(client.last().redelivered()).isFalse();
    }

    @Test
    void shouldBuryOnceOverACrash() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "poison");
        returnCounted(1, 3);

        harness.crash();

        TestClient later = harness.connected().consume(1, QUEUE).consume(2, DEAD);
        assertThat(later.textsOf(1)).isEmpty();
        assertThat(later.textsOf(2)).containsExactly("poison");
    }

    @Test
    void shouldHaveTheMessageInOnePlaceWhereverTheCrashComes() {
        for (int survivors = 0; survivors < 8; survivors++) {
            BrokerHarness own = new BrokerHarness();
            own.destinationSettings.put("q", new DestinationSettings(true, 1, "dead"));
            TestClient sender = own.connected().consume(1, QUEUE);
            sender.send(QUEUE, "poison");
            own.byHand();
            sender.release(1, sender.last().entry());
            own.readOne();
            own.automatic();
            own.byHand();
            own.crashKeeping(survivors);
            own.automatic();
            TestClient later = own.connected().consume(1, QUEUE).consume(2, DEAD);
            assertThat(later.takeTexts()).containsExactly("poison");
        }
    }

    @Test
    void shouldNeitherLoseNorDoubleADeadLetterWhateverPartOfTheLogSurvives() {
        for (int survivors = 0; survivors < 6; survivors++) {
            BrokerHarness own = new BrokerHarness();
            own.destinationSettings.put("q", new DestinationSettings(true, 1, "dead"));
            TestClient sender = own.connected().consume(1, QUEUE);
            sender.send(QUEUE, "poison");
            own.byHand();
            sender.release(1, sender.last().entry());
            while (own.readOne()) {
                own.write();
            }
            own.crashKeeping(survivors);
            own.automatic();
            TestClient later = own.connected().consume(1, QUEUE).consume(2, DEAD);
            assertThat(later.takeTexts()).as("with %s batches", survivors).containsExactly("poison");
        }
    }

    @Test
    void shouldBuryNonPersistentMessagesToo() {
        client.consume(1, QUEUE);
        client.send(QUEUE, message("poison").persistent(false));

        returnCounted(1, 3);

        client.consume(2, DEAD);
        assertThat(client.textsOf(2)).containsExactly("poison");
        assertThat(TestClient.envelope(client.last()).persistent()).isFalse();
        client.release(1);
        assertThat(client.textsOf(1)).hasSize(3);
    }

    @Test
    void shouldBuryMessagesOfSubscriptions() {
        client.consume(1, TestClient.topic("t"));
        client.attach(1, 2, TestClient.shared("t", "s", true));
        client.credit(2, 100);
        client.send(Address.topic("t"), "poison");

        returnCounted(1, 3);
        returnCounted(2, 3);

        client.consume(3, DEAD);
        assertThat(client.textsOf(3)).containsExactly("poison", "poison");
        List<Object> origins = client.deliveries.stream()
                .filter(deliver -> deliver.consumer() == 3)
                .map(deliver -> TestClient.envelope(deliver).property("JMS_POSTHORN_ORIGIN"))
                .toList();
        assertThat(origins).containsExactly("subscription on topic 't'", "subscription 's' on topic 't'");
    }

    @Test
    void shouldNotBuryWhatIsInTheDeadLetterQueue() {
        client.consume(1, DEAD);
        client.send(DEAD, "a");

        returnCounted(1, 10);

        assertThat(client.last().attempts()).isEqualTo(10);
        client.consume(2, DEAD);
        client.detach(1);
        assertThat(client.textsOf(2)).containsExactly("a");
    }

    @Test
    void shouldTryForEverWhereThereIsNoLimit() {
        harness.destinationSettings.put("patient", new DestinationSettings(true, 0, "dead"));
        client.consume(1, Address.queue("patient"));
        client.send(Address.queue("patient"), "a");

        returnCounted(1, 50);

        assertThat(client.last().attempts()).isEqualTo(50);
    }

    @Test
    void shouldBuryWhatWasRolledBackTooOften() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "poison");
        for (int round = 0; round < 3; round++) {
            client.acknowledgeTransacted(1, client.last().entry());
            client.rollback(1);
        }

        client.consume(2, DEAD);

        assertThat(client.textsOf(1)).hasSize(3);
        assertThat(client.textsOf(2)).containsExactly("poison");
    }

    @Test
    void shouldBuryAMessageWhoseHeadersAreMalformedWithAllItsBytes() {
        byte[] broken = message("x")
                .messageId("ID:12345678")
                .property("p", "value")
                .build()
                .bytes();
        Arrays.fill(broken, 40, 50, (byte) 0xFF);
        client.consume(1, QUEUE);
        client.send(1, false, QUEUE, broken);

        returnCounted(1, 3);

        client.consume(2, DEAD);
        Envelope letter = TestClient.envelope(client.last());
        assertThat(letter.bodyKind()).isEqualTo(BodyKind.BYTES);
        assertThat(letter.body().readRemaining()).isEqualTo(broken);
        assertThat(letter.property("JMS_POSTHORN_ORIGIN")).isEqualTo("queue 'q'");
    }

    @Test
    void shouldTakeAwayExpiryAndDelayOfADeadLetter() {
        client.consume(1, QUEUE);
        client.send(QUEUE, message("poison").expiration(harness.nowMs + 1000));
        returnCounted(1, 3);

        harness.sleep(10_000);

        client.consume(2, DEAD);
        assertThat(client.textsOf(2)).containsExactly("poison");
    }

    @Test
    void shouldNotCountWhatWasNotHandedOver() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "a");
        for (int round = 0; round < 20; round++) {
            client.release(1);
            client.credit(1, 10);
        }

        assertThat(client.deliveries)
                .hasSize(21)
                .allMatch(deliver -> deliver.attempts() == 0 && !deliver.redelivered());
    }

    @Test
    void shouldFlagAllThatALostClientHeldAndCountOnlyTheOldest() {
        client.consume(1, Source.queue(QUEUE, null));
        for (String text : List.of("a", "b", "c")) {
            client.send(QUEUE, text);
        }
        client.disconnect();

        harness.sleep(31_000);

        TestClient other = harness.connected().consume(1, QUEUE);
        List<ServerFrame.Deliver> again = other.take();
        assertThat(again.stream().map(TestClient::text)).containsExactly("a", "b", "c");
        assertThat(again).allMatch(ServerFrame.Deliver::redelivered);
        for (int round = 0; round < 4; round++) {
            TestClient fragile = harness.client();
            other.release(1);
            fragile.connect().openSession(1);
            fragile.consume(1, QUEUE);
            fragile.disconnect();
            harness.sleep(31_000);
        }
        TestClient last = harness.connected().consume(1, QUEUE).consume(2, DEAD);
        assertThat(last.textsOf(2)).containsExactly("a");
        assertThat(last.textsOf(1)).containsExactly("b", "c");
    }

    /** Gives back the consumer's last delivery so often, as handed over. */
    private void returnCounted(long consumer, int times) {
        for (int round = 0; round < times; round++) {
            long entry = client.deliveries.stream()
                    .filter(deliver -> deliver.consumer() == consumer)
                    .reduce((first, second) -> second)
                    .orElseThrow()
                    .entry();
            client.release(consumer, entry);
            client.credit(consumer, 1);
        }
    }
}
