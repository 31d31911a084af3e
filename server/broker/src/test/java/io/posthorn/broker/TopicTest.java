package io.posthorn.broker;

import static io.posthorn.broker.TestClient.durable;
import static io.posthorn.broker.TestClient.message;
import static io.posthorn.broker.TestClient.shared;
import static io.posthorn.broker.TestClient.topic;
import static io.posthorn.broker.TestClient.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Topics and the four kinds of subscriptions on them. */
class TopicTest {

    private static final Address TOPIC = Address.topic("t");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected("alice");

    @Test
    void shouldGiveEachSubscriberACopyFromWhenItSubscribed() {
        client.send(TOPIC, "early");
        client.consume(1, topic("t"));
        client.consume(2, topic("t"));
        client.send(TOPIC, "a");
        client.consume(3, topic("t"));
        client.send(TOPIC, "b");

        assertThat(client.textsOf(1)).containsExactly("a", "b");
        assertThat(client.textsOf(2)).containsExactly("a", "b");
        assertThat(client.textsOf(3)).containsExactly("b");
    }

    @Test
    void shouldKeepAQueueAndATopicOfOneNameApart() {
        client.consume(1, topic("t"));
        client.consume(2, Address.queue("t"));

        client.send(TOPIC, "to topic");
        client.send(Address.queue("t"), "to queue");

        assertThat(client.textsOf(1)).containsExactly("to topic");
        assertThat(client.textsOf(2)).containsExactly("to queue");
    }

    @Test
    void shouldEndANonDurableSubscriptionWithItsConsumer() {
        client.consume(1, topic("t"));
        client.send(TOPIC, "a");
        long entry = client.last().entry();
        client.detach(1, entry);
        client.send(TOPIC, "b");

        assertThat(client.takeTexts()).containsExactly("a");
        assertThat(client.failure(client.acknowledge(1, entry))).isNull();
        client.consume(2, topic("t"));
        assertThat(client.take()).isEmpty();
    }

    @Test
    void shouldCostNoRecordWhenNoDurableSubscriptionWantsAMessage() {
        client.consume(1, topic("t"));
        client.attach(1, 2, with(durable("t", "s"), false, "n = 1"));
        client.send(TOPIC, "warm up");
        long before = harness.journal.length();

        client.send(TOPIC, message("a"));
        assertThat(harness.journal.length()).isEqualTo(before);
        assertThat(client.textsOf(1)).containsExactly("warm up", "a");

        client.send(TOPIC, message("b").property("n", 1));
        assertThat(harness.journal.length()).isGreaterThan(before);
    }

    @Test
    void shouldKeepMessagesForADurableSubscriptionWithoutConsumerOverRestartsAndCrashes() {
        client.attach(1, 1, durable("t", "s"));
        client.detach(1);
        client.send(TOPIC, "a");
        harness.restart();
        TestClient second = harness.connected("alice");
        second.send(TOPIC, "b");
        harness.crash();
        TestClient third = harness.connected("alice");
        third.consume(1, durable("t", "s"));

        assertThat(third.takeTexts()).containsExactly("a", "b");
    }

    @Test
    void shouldNotKeepNonPersistentMessagesOverACrash() {
        client.attach(1, 1, durable("t", "s"));
        client.send(TOPIC, message("n").persistent(false));
        client.send(TOPIC, "p");

        harness.crash();

        assertThat(harness.connected("alice").consume(1, durable("t", "s")).takeTexts())
                .containsExactly("p");
    }

    @Test
    void shouldKeepDurableSubscriptionsOfClientsApart() {
        TestClient bob = harness.connected("bob");
        client.consume(1, durable("t", "s"));
        bob.consume(1, durable("t", "s"));
        client.send(TOPIC, "a");

        assertThat(client.takeTexts()).containsExactly("a");
        assertThat(bob.takeTexts()).containsExactly("a");
    }

    @Test
    void shouldRefuseASecondConsumerOfADurableSubscription() {
        client.consume(1, durable("t", "s"));

        long command = client.attach(1, 2, durable("t", "s"));

        assertThat(client.failure(command)).isEqualTo(ErrorCode.ILLEGAL_STATE);
        client.send(TOPIC, "a");
        assertThat(client.textsOf(1)).containsExactly("a");
    }

    @Test
    void shouldBeginADurableSubscriptionAnewWhenTopicSelectorOrNoLocalChange() {
        for (Source other : List.of(
                durable("u", "s"), with(durable("t", "s"), false, "n = 1"), with(durable("t", "s"), true, null))) {
            client.attach(1, 1, durable("t", "s"));
            client.detach(1);
            client.send(TOPIC, message("old").property("n", 1));

            assertThat(client.failure(client.attach(1, 1, other))).isNull();
            client.credit(1, 10);
            assertThat(client.takeTexts()).as("%s", other).isEmpty();
            client.detach(1);
            client.unsubscribe("s");
        }
    }

    @Test
    void shouldTakeABlankSelectorForNone() {
        client.attach(1, 1, durable("t", "s"));
        client.detach(1);
        client.send(TOPIC, "a");

        client.consume(1, with(durable("t", "s"), false, "  "));

        assertThat(client.takeTexts()).containsExactly("a");
    }

    @Test
    void shouldRefuseToShareAnUnsharedSubscriptionAndTheOtherWayRound() {
        client.attach(1, 1, durable("t", "s"));
        client.detach(1);
        assertThat(client.failure(client.attach(1, 2, shared("t", "s", true)))).isEqualTo(ErrorCode.ILLEGAL_STATE);

        client.attach(1, 3, shared("t", "x", true));
        client.detach(3);
        assertThat(client.failure(client.attach(1, 4, durable("t", "x")))).isEqualTo(ErrorCode.ILLEGAL_STATE);
    }

    @Test
    void shouldShareADurableSubscription() {
        TestClient noId = harness.connected();
        TestClient noIdToo = harness.connected();
        noId.attach(1, 1, shared("t", "s", true));
        noIdToo.attach(1, 1, shared("t", "s", true));
        noId.credit(1, 100);
        noIdToo.credit(1, 100);
        for (int index = 0; index < 10; index++) {
            client.send(TOPIC, "" + index);
        }

        assertThat(noId.deliveries).hasSize(5);
        assertThat(noIdToo.deliveries).hasSize(5);
        assertThat(noId.failure(noId.attach(1, 2, with(shared("t", "s", true), false, "n = 1"))))
                .isEqualTo(ErrorCode.ILLEGAL_STATE);
        harness.crash();
        assertThat(harness.connected().consume(1, shared("t", "s", true)).take())
                .hasSize(10);
    }

    @Test
    void shouldShareANonDurableSubscriptionAsLongAsAnyoneUsesIt() {
        client.attach(1, 1, shared("t", "s", false));
        client.attach(1, 2, shared("t", "s", false));
        client.send(TOPIC, "a");
        client.detach(1);
        client.credit(2, 10);
        assertThat(client.takeTexts()).containsExactly("a");

        client.detach(2);
        client.consume(3, shared("t", "s", false));
        assertThat(client.take()).isEmpty();
        assertThat(client.failure(client.attach(1, 4, shared("other", "s", false))))
                .isEqualTo(ErrorCode.ILLEGAL_STATE);
    }

    @Test
    void shouldNotEndASharedSubscriptionTwice() {
        client.consume(1, shared("t", "s", false));
        client.send(TOPIC, "a");
        client.detach(1, client.last().entry());
        client.openSession(2);
        client.attach(2, 2, shared("t", "s", false));
        client.closeSession(1);

        client.attach(2, 3, shared("t", "s", false));
        client.send(2, false, TOPIC, message("b"));
        client.credit(2, 10);
        client.credit(3, 10);

        assertThat(client.takeTexts()).containsExactly("a", "b");
    }

    @Test
    void shouldKeepNamesOfDurableAndNonDurableSharedSubscriptionsApart() {
        client.consume(1, shared("t", "s", false));
        client.consume(2, shared("t", "s", true));

        client.send(TOPIC, "a");

        assertThat(client.textsOf(1)).containsExactly("a");
        assertThat(client.textsOf(2)).containsExactly("a");
    }

    @Test
    void shouldShareTheBytesOfAMessageAmongItsSubscriptions() {
        client.consume(1, topic("t"));
        client.consume(2, topic("t"));
        client.send(TOPIC, message("a").persistent(false));

        List<ServerFrame.Deliver> copies = client.take();
        assertThat(copies).hasSize(2);
        assertThat(copies.get(0).envelope()).isSameAs(copies.get(1).envelope());
    }

    @Test
    void shouldLeaveOutLocalMessagesWhereThatIsAskedFor() {
        TestClient other = harness.connected("bob");
        client.consume(1, with(topic("t"), true, null));
        client.consume(2, with(durable("t", "s"), true, null));

        client.send(TOPIC, "own");
        other.send(TOPIC, "bob's");

        assertThat(client.textsOf(1)).containsExactly("bob's");
        assertThat(client.textsOf(2)).containsExactly("bob's");
    }

    @Test
    void shouldLeaveOutMessagesOfTheSameClientIdentifierOverConnections() {
        client.attach(1, 1, with(durable("t", "s"), true, null));
        client.close();
        TestClient again = harness.connected("alice");

        again.send(TOPIC, "own");
        again.consume(1, with(durable("t", "s"), true, null));

        assertThat(again.take()).isEmpty();
    }

    @Test
    void shouldRouteBySelector() {
        client.consume(1, with(topic("t"), false, "colour = 'red'"));
        client.consume(2, with(topic("t"), false, "JMSPriority > 4"));

        client.send(TOPIC, message("a").property("colour", "red"));
        client.send(TOPIC, message("b").priority(9));

        assertThat(client.textsOf(1)).containsExactly("a");
        assertThat(client.textsOf(2)).containsExactly("b");
    }

    @Test
    void shouldRouteAMessageWithMalformedPropertiesOnlyToWhoeverDoesNotLook() {
        byte[] broken = message("x").property("colour", "red").build().bytes();
        Arrays.fill(broken, 40, 44, (byte) 0xFF);
        client.consume(1, with(topic("t"), false, "colour = 'red'"));
        client.consume(2, topic("t"));

        long plain = client.send(1, false, TOPIC, broken);
        client.send(1, true, TOPIC, broken);
        long commit = client.commit(1);

        assertThat(client.failure(plain)).isNull();
        assertThat(client.failure(commit)).isNull();
        assertThat(client.textsOf(1)).isEmpty();
        assertThat(client.textsOf(2)).hasSize(2);
    }

    @Test
    void shouldUnsubscribeOnlyWhatNobodyUses() {
        client.attach(1, 1, durable("t", "s"));
        assertThat(client.failure(client.unsubscribe("s"))).isEqualTo(ErrorCode.ILLEGAL_STATE);
        client.detach(1);
        assertThat(client.failure(client.unsubscribe("s"))).isNull();
        assertThat(client.failure(client.unsubscribe("s"))).isEqualTo(ErrorCode.INVALID_DESTINATION);
        client.send(TOPIC, "a");

        client.consume(1, durable("t", "s"));

        assertThat(client.take()).isEmpty();
    }

    @Test
    void shouldForgetAnUnsubscribedSubscriptionOverACrash() {
        client.attach(1, 1, durable("t", "s"));
        client.send(TOPIC, "a");
        client.detach(1);
        client.unsubscribe("s");

        harness.crash();

        TestClient later = harness.connected("alice");
        assertThat(later.failure(later.unsubscribe("s"))).isEqualTo(ErrorCode.INVALID_DESTINATION);
    }

    @Test
    void shouldTakeAcknowledgementsOfASubscriptionThatWasDeletedMeanwhile() {
        client.consume(1, durable("t", "s"));
        client.send(TOPIC, "a");
        client.send(TOPIC, "b");
        long[] entries = client.lastEntries(2);
        client.detach(1, entries);
        client.attach(1, 2, with(durable("t", "s"), false, "x = 1"));

        assertThat(client.failure(client.acknowledge(1, entries[0]))).isNull();
        client.acknowledgeTransacted(1, entries[1]);
        assertThat(client.failure(client.commit(1))).isNull();
    }

    @Test
    void shouldRefuseDurableSubscriptionsThatCannotBe() {
        TestClient noId = harness.connected();
        Address temporary = new Address(Address.Kind.TEMPORARY_TOPIC, "tmp");
        client.createTemporary(temporary);

        assertThat(noId.failure(noId.attach(1, 1, durable("t", "s")))).isEqualTo(ErrorCode.ILLEGAL_STATE);
        assertThat(client.failure(client.attach(1, 1, durable("t", null)))).isEqualTo(ErrorCode.ILLEGAL_STATE);
        assertThat(client.failure(client.attach(1, 1, durable("t", " ")))).isEqualTo(ErrorCode.ILLEGAL_STATE);
        assertThat(client.failure(client.attach(1, 1, durable("t", "s".repeat(4097)))))
                .isEqualTo(ErrorCode.ILLEGAL_STATE);
        assertThat(client.failure(client.attach(1, 1, shared("t", null, false))))
                .isEqualTo(ErrorCode.ILLEGAL_STATE);
        Source onTemporary = new Source(temporary, Source.Mode.CONSUME, "s", true, false, false, null);
        assertThat(client.failure(client.attach(1, 1, onTemporary))).isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(client.failure(client.attach(1, 1, Source.browse(TOPIC, null))))
                .isEqualTo(ErrorCode.INVALID_DESTINATION);
    }
}
