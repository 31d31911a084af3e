package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static io.posthorn.broker.TestClient.ranges;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sending to queues, who gets what and when, and what comes back. */
class QueueDeliveryTest {

    private static final Address QUEUE = Address.queue("q");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected();

    @Test
    void shouldDeliverWhatWasSentAndConfirmBoth() {
        client.consume(1, QUEUE);

        long command = client.send(QUEUE, "a");

        assertThat(client.takeTexts()).containsExactly("a");
        assertThat(client.isConfirmed(command)).isTrue();
        assertThat(client.last().attempts()).isZero();
        assertThat(client.last().redelivered()).isFalse();
    }

    @Test
    void shouldWriteMessagesBeforeConfirmations() {
        TestClient sender = harness.connected();
        client.consume(1, QUEUE);
        harness.byHand();
        sender.send(Address.queue("other"), "so that the sender is the first to wait for the log");
        sender.send(QUEUE, "a");
        harness.flushed.clear();

        harness.write();
        harness.sync();

        assertThat(harness.flushed).containsExactly(client, sender);
    }

    @Test
    void shouldLetNothingOfAPersistentMessageLeaveBeforeItIsSynced() {
        client.consume(1, QUEUE);
        harness.byHand();

        long command = client.send(QUEUE, "a");
        assertThat(client.isConfirmed(command)).isFalse();
        assertThat(client.deliveries).isEmpty();

        harness.write();
        assertThat(client.isConfirmed(command)).isFalse();
        assertThat(client.deliveries).isEmpty();

        harness.sync();
        assertThat(client.isConfirmed(command)).isTrue();
        assertThat(client.takeTexts()).containsExactly("a");
    }

    @Test
    void shouldWaitForTheWriteOnlyWhereFlushIsAsynchronous() {
        harness.destinationSettings.put("q", new DestinationSettings(false, 10, "dlq"));
        client.consume(1, QUEUE);
        harness.byHand();

        long command = client.send(QUEUE, "a");
        assertThat(client.isConfirmed(command)).isFalse();

        harness.write();
        assertThat(client.isConfirmed(command)).isTrue();
        assertThat(client.takeTexts()).containsExactly("a");
    }

    @Test
    void shouldDeliverNonPersistentMessagesAtOnceButNotBeforeWhatTheConsumerWaitsFor() {
        client.consume(1, QUEUE);
        harness.byHand();

        long first = client.send(QUEUE, message("n1").persistent(false));
        assertThat(client.isConfirmed(first)).isTrue();
        assertThat(client.takeTexts()).containsExactly("n1");

        client.send(QUEUE, "p");
        long last = client.send(QUEUE, message("n2").persistent(false));
        assertThat(client.takeTexts()).isEmpty();
        assertThat(client.isConfirmed(last)).isFalse();

        harness.sync();
        assertThat(client.takeTexts()).containsExactly("p", "n2");
        assertThat(client.isConfirmed(last)).isTrue();
    }

    @Test
    void shouldNotHoldBackOthersWhileOneWaitsForTheLog() {
        TestClient other = harness.connected();
        client.consume(1, QUEUE);
        other.consume(1, Address.queue("other"));
        harness.byHand();

        client.send(QUEUE, "p");
        client.send(Address.queue("other"), message("n").persistent(false));

        assertThat(other.takeTexts()).containsExactly("n");
        assertThat(client.takeTexts()).isEmpty();
    }

    @Test
    void shouldKeepTheOrderOfWhatIsSent() {
        List<String> expected = new ArrayList<>();
        for (int index = 0; index < 2000; index++) {
            client.send(QUEUE, message("m" + index).persistent(index % 3 != 0));
            expected.add("m" + index);
        }

        client.consume(1, QUEUE);

        assertThat(client.takeTexts()).isEqualTo(expected);
    }

    @Test
    void shouldDeliverHigherPrioritiesFirst() {
        for (int priority : new int[] {4, 0, 9, 4, 9, 5}) {
            client.send(
                    QUEUE, message("p" + priority + "-" + client.lastCommand).priority(priority));
        }

        client.consume(1, QUEUE);

        assertThat(client.takeTexts().stream().map(text -> text.substring(0, 2)).toList())
                .containsExactly("p9", "p9", "p5", "p4", "p4", "p0");
    }

    @Test
    void shouldGiveExactlyAsMuchAsTheCreditAllows() {
        sendNumbered(10);
        client.attach(1, QUEUE);
        assertThat(client.takeTexts()).isEmpty();

        client.credit(1, 3);
        assertThat(client.takeTexts()).containsExactly("0", "1", "2");

        client.credit(1, 3);
        client.credit(1, 2);
        assertThat(client.takeTexts()).isEmpty();

        client.credit(1, 5);
        assertThat(client.takeTexts()).containsExactly("3", "4");
    }

    @Test
    void shouldIgnoreCreditOfAnOlderGeneration() {
        sendNumbered(2);
        client.attach(1, QUEUE);
        long old = client.generation(1);
        client.release(1);

        client.frame(new ClientFrame.Credit(1, old, 10));
        assertThat(client.received).noneMatch(frame -> frame instanceof ServerFrame.Deliver);

        client.credit(1, 1);
        assertThat(client.takeTexts()).containsExactly("0");
    }

    @Test
    void shouldDropDeliveriesThatWaitForTheLogWhenTheirGenerationEnds() {
        client.consume(1, QUEUE);
        harness.byHand();
        client.send(QUEUE, "a");
        client.release(1);
        harness.sync();

        assertThat(client.received).noneMatch(frame -> frame instanceof ServerFrame.Deliver);

        harness.automatic();
        client.credit(1, 1);
        assertThat(client.takeTexts()).containsExactly("a");
        assertThat(client.last().redelivered()).isFalse();
    }

    @Test
    void shouldSettleWhatIsAcknowledgedAndConfirmItWhenDurable() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "a");
        harness.byHand();

        long command = client.acknowledge(1, client.last().entry());
        assertThat(client.isConfirmed(command)).isFalse();
        harness.sync();
        assertThat(client.isConfirmed(command)).isTrue();

        harness.automatic().crash();
        TestClient later = harness.connected().consume(1, QUEUE);
        assertThat(later.takeTexts()).isEmpty();
    }

    @Test
    void shouldConfirmAnUnforcedAcknowledgementWithTheNextSync() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "a");
        harness.byHand();

        long command = client.acknowledge(1, false, false, ranges(client.last().entry()));
        harness.write();
        harness.sleep(10);
        assertThat(client.isConfirmed(command)).isFalse();
        harness.sync();
        harness.sleep(3);
        assertThat(client.isConfirmed(command)).isTrue();
    }

    @Test
    void shouldGiveConsumersOneEachInTurn() {
        client.attach(1, QUEUE);
        client.attach(2, QUEUE);
        client.attach(3, QUEUE);
        client.credit(1, 100);
        client.credit(2, 2);
        client.credit(3, 100);

        sendNumbered(9);

        assertThat(client.textsOf(2)).hasSize(2);
        assertThat(client.textsOf(1)).hasSizeBetween(3, 4);
        assertThat(client.textsOf(3)).hasSizeBetween(3, 4);
    }

    @Test
    void shouldGoOnWithTheOthersWhenAConsumerOfTheRoundIsClosed() {
        client.consume(1, QUEUE);
        client.consume(2, QUEUE);
        client.consume(3, QUEUE);
        sendNumbered(3);
        client.detach(
                3,
                client.deliveries.stream()
                        .filter(deliver -> deliver.consumer() == 3)
                        .mapToLong(ServerFrame.Deliver::entry)
                        .toArray());

        sendNumbered(4);

        assertThat(client.textsOf(1)).hasSize(3);
        assertThat(client.textsOf(2)).hasSize(3);
    }

    @Test
    void shouldReturnReleasedEntriesToTheirPlaces() {
        client.consume(1, QUEUE);
        sendNumbered(5);
        client.take();
        long second = client.deliveries.get(1).entry();

        client.release(1, second);
        client.credit(1, 10);

        List<ServerFrame.Deliver> again = client.take();
        assertThat(again.stream().map(TestClient::text)).containsExactly("0", "1", "2", "3", "4");
        assertThat(again.stream().map(ServerFrame.Deliver::attempts)).containsExactly(0, 1, 0, 0, 0);
        assertThat(again.stream().map(ServerFrame.Deliver::redelivered))
                .containsExactly(false, true, false, false, false);
    }

    @Test
    void shouldReturnWhatADetachedConsumerWasNotHandedAndKeepTheRestWithItsSession() {
        client.consume(1, QUEUE);
        sendNumbered(4);
        long first = client.deliveries.get(0).entry();
        client.take();

        client.detach(1, first);
        client.consume(2, QUEUE);
        assertThat(client.takeTexts()).containsExactly("1", "2", "3");

        client.release(1, first);
        assertThat(client.takeTexts()).containsExactly("0");
        assertThat(client.last().attempts()).isEqualTo(1);
    }

    @Test
    void shouldTakeAcknowledgementsOfAClosedConsumer() {
        client.consume(1, QUEUE);
        sendNumbered(1);
        long entry = client.last().entry();
        client.detach(1, entry);

        long command = client.acknowledge(1, entry);

        assertThat(client.failure(command)).isNull();
        client.consume(2, QUEUE);
        client.closeSession(1);
        harness.restart();
        assertThat(harness.connected().consume(1, QUEUE).takeTexts()).isEmpty();
    }

    @Test
    void shouldGiveBackAllOfASessionThatIsClosedAndCountWhatWasHanded() {
        TestClient other = harness.connected();
        client.consume(1, QUEUE);
        sendNumbered(3);
        long first = client.deliveries.get(0).entry();

        client.closeSession(1, new ClientFrame.Handed(1, EntryRanges.of(first)));
        other.consume(1, QUEUE);

        List<ServerFrame.Deliver> again = other.take();
        assertThat(again.stream().map(TestClient::text)).containsExactly("0", "1", "2");
        assertThat(again.stream().map(ServerFrame.Deliver::attempts)).containsExactly(1, 0, 0);
    }

    @Test
    void shouldNotOfferWhatASessionGivesBackToItsOwnConsumersThatClose() {
        client.consume(1, QUEUE);
        sendNumbered(1);
        client.consume(2, QUEUE);
        client.take();

        client.closeSession(
                1, new ClientFrame.Handed(1, EntryRanges.of(client.last().entry())));

        assertThat(client.take()).isEmpty();
    }

    @Test
    void shouldLeaveTheQueueInOrderWhenConsumersShareAndGiveBack() {
        client.attach(1, QUEUE);
        client.attach(2, QUEUE);
        client.credit(1, 5);
        client.credit(2, 5);
        sendNumbered(20);
        client.take();

        client.detach(1);
        client.release(2);
        client.credit(2, 100);

        List<String> expected = new ArrayList<>();
        for (int index = 0; index < 20; index++) {
            expected.add("" + index);
        }
        assertThat(client.takeTexts()).isEqualTo(expected);
    }

    // ---- draining

    @Test
    void shouldAnswerADrainBehindAllThatThereIs() {
        sendNumbered(3);
        client.attach(1, QUEUE);
        client.credit(1, 2);
        client.drain(1, 7);

        assertThat(client.isDrained(7)).isTrue();
        assertThat(client.takeTexts()).containsExactly("0", "1");
        assertThat(client.received.get(client.received.size() - 1)).isInstanceOf(ServerFrame.Drained.class);
    }

    @Test
    void shouldRevokeTheCreditWithADrain() {
        client.attach(1, QUEUE);
        client.credit(1, 5);
        client.drain(1, 1);
        sendNumbered(3);
        assertThat(client.takeTexts()).isEmpty();

        client.credit(1, 2);
        assertThat(client.takeTexts()).containsExactly("0", "1");
    }

    @Test
    void shouldAnswerADrainWithoutCreditAtOnce() {
        sendNumbered(1);
        client.attach(1, QUEUE);

        client.drain(1, 3);

        assertThat(client.isDrained(3)).isTrue();
        assertThat(client.takeTexts()).isEmpty();
    }

    @Test
    void shouldAnswerADrainAfterWhatWaitsForTheLog() {
        client.consume(1, QUEUE);
        harness.byHand();
        client.send(QUEUE, "a");
        client.drain(1, 4);
        assertThat(client.isDrained(4)).isFalse();

        harness.sync();

        assertThat(client.takeTexts()).containsExactly("a");
        assertThat(client.received.indexOf(client.last()))
                .isEqualTo(client.received.indexOf(new ServerFrame.Drained(1, client.generation(1), 4)) - 1);
    }

    @Test
    void shouldIgnoreADrainOfAnOlderGeneration() {
        client.attach(1, QUEUE);
        long old = client.generation(1);
        client.release(1);

        client.frame(new ClientFrame.Drain(1, old, 9));

        assertThat(client.isDrained(9)).isFalse();
    }

    // ---- reattaching over a new socket

    @Test
    void shouldKeepWhatAReturningClientHoldsAndReturnTheRestUncounted() {
        client.consume(1, QUEUE);
        sendNumbered(4);
        long second = client.deliveries.get(1).entry();
        client.take();
        client.disconnect();
        client.reconnect();

        client.attach(1, 1, Source.queue(QUEUE, null), EntryRanges.of(second));
        client.credit(1, 10);

        List<ServerFrame.Deliver> again = client.take();
        assertThat(again.stream().map(TestClient::text)).containsExactly("0", "2", "3");
        assertThat(again).allMatch(deliver -> deliver.attempts() == 0 && !deliver.redelivered());
        assertThat(client.failure(client.acknowledge(1, second))).isNull();
    }

    @Test
    void shouldGiveNothingToAConsumerWithoutASocket() {
        TestClient other = harness.connected();
        client.consume(1, QUEUE);
        client.disconnect();
        other.consume(1, QUEUE);

        other.send(QUEUE, "a");
        other.send(QUEUE, "b");

        assertThat(other.takeTexts()).containsExactly("a", "b");
    }

    @Test
    void shouldServeManyConsumersAndManyMessagesWithoutLosingAny() {
        for (int consumer = 1; consumer <= 7; consumer++) {
            client.attach(consumer, QUEUE);
            client.credit(consumer, consumer * 40L);
        }
        sendNumbered(1500);
        for (int consumer = 1; consumer <= 7; consumer++) {
            client.credit(consumer, 10_000);
        }

        assertThat(client.takeTexts()).hasSize(1500).doesNotHaveDuplicates();
    }

    private void sendNumbered(int count) {
        for (int index = 0; index < count; index++) {
            client.send(QUEUE, "" + index);
        }
    }
}
