package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.limit.QueueLimit;
import io.posthorn.broker.limit.RetryRule;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.message.Envelope;
import org.junit.jupiter.api.Test;

/** The first retry comes at once and in its place, later ones after a while that grows, and nothing else waits with them. */
class RedeliveryDelayTest {

    private static final Address QUEUE = Address.queue("q");
    private static final BranchId BRANCH = new BranchId(1, new byte[] {1}, new byte[] {2});

    private final BrokerHarness harness = new BrokerHarness();

    RedeliveryDelayTest() {
        harness.destinationSettings.put(
                "q", new DestinationSettings(true, new RetryRule(5, 1, 1000, 2, 3000), "dead", false, QueueLimit.NONE));
    }

    private final TestClient client = harness.connected();

    private void giveBack() {
        client.release(1, client.last().entry());
        client.credit(1, 1_000_000);
    }

    @Test
    void shouldRetryAtOnceThenAfterAWhileThatGrowsUpToALimit() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "poison");
        giveBack();
        assertThat(client.takeTexts()).hasSize(2);
        for (long delayMs : new long[] {1000, 2000, 3000}) {
            giveBack();
            harness.sleep(delayMs - 1);
            assertThat(client.takeTexts()).isEmpty();
            harness.sleep(1);
            assertThat(client.takeTexts()).containsExactly("poison");
        }
        assertThat(client.last().attempts()).isEqualTo(4);
        giveBack();
        client.consume(2, Address.queue("dead"));
        assertThat(client.textsOf(2)).containsExactly("poison");
        assertThat(TestClient.envelope(client.last()).property("JMS_POSTHORN_REASON"))
                .isEqualTo("attempts");
    }

    @Test
    void shouldRetryAsOftenAtOnceAsItIsTold() {
        for (int atOnce : new int[] {1, 3}) {
            String name = "at-once-" + atOnce;
            harness.destinationSettings.put(
                    name,
                    new DestinationSettings(
                            true, new RetryRule(10, atOnce, 1000, 2, 60_000), "dead", false, QueueLimit.NONE));
            client.consume(1, Address.queue(name));
            client.send(Address.queue(name), "poison");
            for (int retry = 0; retry < atOnce; retry++) {
                giveBack();
            }
            assertThat(client.takeTexts()).hasSize(1 + atOnce);
            for (long delayMs : new long[] {1000, 2000}) {
                giveBack();
                harness.sleep(delayMs - 1);
                assertThat(client.takeTexts()).isEmpty();
                harness.sleep(1);
                assertThat(client.takeTexts()).containsExactly("poison");
            }
            client.detach(1);
        }
    }

    @Test
    void shouldHoldOnlyTheMessageThatFailed() {
        client.attach(1, QUEUE);
        client.credit(1, 1);
        client.send(QUEUE, "bad");
        client.send(QUEUE, "good");
        client.release(1, client.last().entry());
        client.credit(1, 1);
        client.release(1, client.last().entry());
        client.credit(1, 1);
        assertThat(client.takeTexts()).containsExactly("bad", "bad", "good");
        client.acknowledge(1, client.last().entry());
        client.credit(1, 2);
        harness.sleep(1000);
        assertThat(client.takeTexts()).containsExactly("bad");
    }

    @Test
    void shouldNotDelayWhatWasSentAndNotHandedOver() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "a");
        giveBack();
        client.send(QUEUE, "b");
        client.take();
        client.release(1);
        client.credit(1, 1_000_000);
        assertThat(client.takeTexts()).containsExactly("a", "b");
    }

    @Test
    void shouldGoOnWaitingAfterARestartAndAfterACrash() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "poison");
        giveBack();
        giveBack();
        client.closeSession(1);
        harness.crash();
        TestClient second = harness.connected().consume(1, QUEUE);
        harness.sleep(500);
        assertThat(second.takeTexts()).isEmpty();
        harness.restart();
        TestClient third = harness.connected().consume(1, QUEUE);
        harness.sleep(499);
        assertThat(third.takeTexts()).isEmpty();
        harness.sleep(1);
        assertThat(third.takeTexts()).containsExactly("poison");
        assertThat(third.last().attempts()).isEqualTo(2);
    }

    @Test
    void shouldDelayAfterTheRollbackOfATransaction() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "poison");
        for (int attempt = 0; attempt < 2; attempt++) {
            client.acknowledgeTransacted(1, client.last().entry());
            client.rollback(1);
        }
        assertThat(client.takeTexts()).hasSize(2);
        harness.sleep(1000);
        assertThat(client.takeTexts()).hasSize(1);
    }

    @Test
    void shouldDelayAfterTheRollbackOfAPreparedBranchAlsoOverACrash() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "poison");
        giveBack();
        client.send(QUEUE, message("volatile").persistent(false));
        client.frame(new ClientFrame.XaStart(client.nextCommand(), 1, BRANCH, 0));
        client.acknowledgeTransacted(1, client.deliveries.get(1).entry());
        client.frame(new ClientFrame.XaEnd(client.nextCommand(), 1, BRANCH, 0x04000000));
        client.frame(new ClientFrame.XaPrepare(client.nextCommand(), BRANCH));
        client.take();
        client.frame(new ClientFrame.XaRollback(client.nextCommand(), BRANCH));
        assertThat(client.takeTexts()).isEmpty();
        harness.crash();
        TestClient later = harness.connected().consume(1, QUEUE);
        assertThat(later.takeTexts()).isEmpty();
        harness.sleep(1000);
        assertThat(later.takeTexts()).containsExactly("poison");
    }

    @Test
    void shouldDelayVolatileMessagesToo() {
        harness.destinationSettings.put("mine", harness.destinationSettings.get("q"));
        client.createTemporary(QUEUE_OF_MINE);
        client.consume(1, QUEUE_OF_MINE);
        client.send(QUEUE_OF_MINE, "a");
        giveBack();
        giveBack();
        assertThat(client.takeTexts()).hasSize(2);
        harness.sleep(1000);
        assertThat(client.takeTexts()).hasSize(1);
    }

    private static final Address QUEUE_OF_MINE = new Address(Address.Kind.TEMPORARY_QUEUE, "mine");

    @Test
    void shouldBuryWhatExpiresWhereThatIsAskedFor() {
        harness.destinationSettings.put(
                "q", new DestinationSettings(true, new RetryRule(5, 1, 0, 1, 0), "dead", true, QueueLimit.NONE));
        BrokerHarness small = new BrokerHarness(1 << 20, 0, 8192, 0, 4, 1L << 40);
        small.destinationSettings.putAll(harness.destinationSettings);
        TestClient sender = small.connected();
        for (int number = 0; number < 10; number++) {
            sender.send(QUEUE, message("m" + number).expiration(small.nowMs + 100));
        }
        sender.send(QUEUE, message("stays"));
        small.sleep(2000);
        sender.consume(1, QUEUE).consume(2, Address.queue("dead"));

        assertThat(sender.textsOf(1)).containsExactly("stays");
        assertThat(sender.textsOf(2))
                .containsExactlyInAnyOrder("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9");
        Envelope letter = TestClient.envelope(sender.last());
        assertThat(letter.property("JMS_POSTHORN_REASON")).isEqualTo("expired");
        assertThat(letter.expiration()).isZero();
    }
}
