package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static io.posthorn.broker.TestClient.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Local transactions of sessions. */
class LocalTransactionTest {

    private static final Address IN = Address.queue("in");
    private static final Address OUT = Address.queue("out");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected();
    private final TestClient other = harness.connected();

    @Test
    void shouldShowNothingBeforeTheCommitIsDurable() {
        other.consume(1, OUT);
        other.consume(2, topic("t"));
        client.sendTransacted(OUT, "p");
        client.send(1, true, OUT, message("n").persistent(false));
        client.sendTransacted(Address.topic("t"), "t");
        assertThat(other.deliveries).isEmpty();
        harness.byHand();

        long commit = client.commit(1);
        assertThat(other.deliveries).isEmpty();
        assertThat(client.isConfirmed(commit)).isFalse();
        harness.sync();

        assertThat(client.isConfirmed(commit)).isTrue();
        assertThat(other.textsOf(1)).containsExactlyInAnyOrder("p", "n");
        assertThat(other.textsOf(2)).containsExactly("t");
    }

    @Test
    void shouldBeAtomicWhateverPartOfTheLogSurvives() {
        int whole = 0;
        int nothing = 0;
        for (int survivors = 0; survivors < 6; survivors++) {
            BrokerHarness own = new BrokerHarness();
            TestClient worker = own.connected();
            for (String text : List.of("1", "2", "3")) {
                worker.send(IN, text);
            }
            worker.consume(1, IN);
            worker.acknowledgeTransacted(1, worker.lastEntries(3));
            worker.sendTransacted(OUT, "a");
            worker.sendTransacted(Address.queue("out2"), "b");
            own.byHand();
            worker.send(Address.queue("before"), "x");
            worker.commit(1);
            worker.send(Address.queue("after"), "y");
            own.crashKeeping(survivors);
            own.automatic();

            TestClient later = own.connected();
            for (int consumer = 1; consumer <= 3; consumer++) {
                later.consume(consumer, List.of(IN, OUT, Address.queue("out2")).get(consumer - 1));
            }
            if (later.textsOf(2).isEmpty()) {
                assertThat(later.textsOf(1)).containsExactly("1", "2", "3");
                assertThat(later.textsOf(3)).isEmpty();
                assertThat(later.deliveries).allMatch(ServerFrame.Deliver::redelivered);
                nothing++;
            } else {
                assertThat(later.textsOf(1)).isEmpty();
                assertThat(later.textsOf(2)).containsExactly("a");
                assertThat(later.textsOf(3)).containsExactly("b");
                whole++;
            }
        }
        assertThat(whole).isPositive();
        assertThat(nothing).isPositive();
    }

    @Test
    void shouldRollBackSendsAndReturnAcknowledgedEntriesInTheirOrder() {
        sendNumbered(IN, 6);
        client.consume(1, IN);
        client.acknowledgeTransacted(1, client.lastEntries(6)[4], client.lastEntries(6)[0]);
        client.acknowledgeTransacted(1, client.lastEntries(6)[2]);
        client.sendTransacted(OUT, "never");
        client.take();

        client.rollback(1);

        List<ServerFrame.Deliver> again = client.take();
        assertThat(again.stream().map(TestClient::text)).containsExactly("0", "2", "4");
        assertThat(again).allMatch(deliver -> deliver.attempts() == 1 && deliver.redelivered());
        client.consume(2, OUT);
        assertThat(client.textsOf(2)).isEmpty();
    }

    @Test
    void shouldGiveBackInPlaceWhenAllOfASessionIsReleasedAndRolledBack() {
        sendNumbered(IN, 6);
        client.consume(1, IN);
        long[] entries = client.lastEntries(6);
        client.acknowledgeTransacted(1, entries[0], entries[1]);
        client.take();

        client.release(1, entries[2]);
        client.rollback(1);
        client.credit(1, 100);

        List<ServerFrame.Deliver> again = client.take();
        assertThat(again.stream().map(TestClient::text)).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(again.stream().map(ServerFrame.Deliver::attempts)).containsExactly(1, 1, 1, 0, 0, 0);
    }

    @Test
    void shouldCommitALargeTransaction() {
        sendNumbered(IN, 5000);
        client.consume(1, IN);
        client.acknowledge(1, true, false, TestClient.ranges(client.lastEntries(5000)));
        for (int index = 0; index < 5000; index++) {
            client.sendTransacted(OUT, "r" + index);
        }

        client.commit(1);
        harness.crash();

        TestClient later = harness.connected().consume(1, IN).consume(2, OUT);
        assertThat(later.textsOf(1)).isEmpty();
        assertThat(later.textsOf(2)).hasSize(5000).doesNotHaveDuplicates();
    }

    @Test
    void shouldKeepTransactionsOfTwoSessionsApart() {
        client.openSession(2);
        other.consume(1, OUT);
        client.send(1, true, OUT, message("one"));
        client.send(2, true, OUT, message("two"));

        client.commit(2);
        assertThat(other.takeTexts()).containsExactly("two");
        client.rollback(1);
        client.commit(1);

        assertThat(other.take()).isEmpty();
    }

    @Test
    void shouldBeginANewTransactionWithEachEnd() {
        other.consume(1, OUT);
        client.sendTransacted(OUT, "a");
        client.commit(1);
        client.sendTransacted(OUT, "b");
        client.rollback(1);
        client.sendTransacted(OUT, "c");
        client.commit(1);

        assertThat(other.takeTexts()).containsExactly("a", "c");
    }

    @Test
    void shouldCommitWhatAClosedConsumerReceived() {
        sendNumbered(IN, 2);
        client.consume(1, IN);
        long[] entries = client.lastEntries(2);
        client.acknowledgeTransacted(1, entries[0]);
        client.detach(1, entries[1]);
        client.acknowledgeTransacted(1, entries[1]);

        assertThat(client.failure(client.commit(1))).isNull();

        harness.crash();
        assertThat(harness.connected().consume(1, IN).take()).isEmpty();
    }

    @Test
    void shouldReturnToTheQueueWhatAClosedConsumersTransactionRollsBack() {
        sendNumbered(IN, 1);
        client.consume(1, IN);
        client.acknowledgeTransacted(1, client.last().entry());
        client.detach(1);
        other.consume(1, IN);

        client.rollback(1);

        assertThat(other.takeTexts()).containsExactly("0");
        assertThat(other.last().attempts()).isEqualTo(1);
    }

    @Test
    void shouldRollBackWithTheSession() {
        sendNumbered(IN, 2);
        client.consume(1, IN);
        long[] entries = client.lastEntries(2);
        client.acknowledgeTransacted(1, entries[0]);
        client.sendTransacted(OUT, "never");

        client.closeSession(1, new ClientFrame.Handed(1, EntryRanges.of(entries[1])));

        other.consume(1, IN).consume(2, OUT);
        assertThat(other.textsOf(1)).containsExactly("0", "1");
        assertThat(other.deliveries).allMatch(deliver -> deliver.attempts() == 1);
        assertThat(other.textsOf(2)).isEmpty();
    }

    @Test
    void shouldRollBackWithTheConnection() {
        sendNumbered(IN, 2);
        client.consume(1, IN);
        client.acknowledgeTransacted(1, client.lastEntries(2)[0]);
        client.sendTransacted(OUT, "never");
        client.disconnect();
        other.consume(1, IN).consume(2, OUT);
        assertThat(other.deliveries).isEmpty();

        harness.sleep(30_000);

        assertThat(other.textsOf(1)).containsExactly("0", "1");
        assertThat(other.deliveries).allMatch(ServerFrame.Deliver::redelivered);
        assertThat(other.textsOf(2)).isEmpty();
    }

    @Test
    void shouldKeepAnOpenTransactionOverALostSocket() {
        sendNumbered(IN, 1);
        client.consume(1, IN);
        client.acknowledgeTransacted(1, client.last().entry());
        client.sendTransacted(OUT, "a");
        client.disconnect();
        client.reconnect();

        assertThat(client.failure(client.commit(1))).isNull();

        other.consume(1, OUT).consume(2, IN);
        assertThat(other.takeTexts()).containsExactly("a");
    }

    @Test
    void shouldCostNoRecordWhenNothingOfItIsInTheLog() {
        other.consume(1, OUT);
        other.consume(2, topic("t"));
        client.send(OUT, "warm up");
        client.sendTransacted(Address.topic("t"), "warm up");
        client.commit(1);
        long before = harness.journal.length();

        client.send(1, true, OUT, message("n").persistent(false));
        client.sendTransacted(Address.topic("t"), "t");
        client.commit(1);

        assertThat(harness.journal.length()).isEqualTo(before);
        assertThat(other.takeTexts()).contains("n", "t");
    }

    @Test
    void shouldKeepTheOrderOfATransactionsMessagesInEachQueue() {
        List<String> expected = new ArrayList<>();
        for (int index = 0; index < 100; index++) {
            client.sendTransacted(OUT, "" + index);
            expected.add("" + index);
        }
        client.commit(1);

        assertThat(other.consume(1, Source.queue(OUT, null)).takeTexts()).isEqualTo(expected);
    }

    @Test
    void shouldRollBackInsteadOfCommittingWhatOthersWereGiven() {
        sendNumbered(IN, 2);
        client.consume(1, IN);
        long[] entries = client.lastEntries(2);
        harness.crash();
        other.reconnect();
        other.openSession(1);
        other.attach(1, IN);
        other.credit(1, 1);
        client.reconnect();
        client.openSession(1);
        client.attach(1, 1, Source.queue(IN, null), TestClient.ranges(entries));
        client.acknowledgeTransacted(1, entries);
        client.sendTransacted(OUT, "never");

        long commit = client.commit(1);

        assertThat(client.failure(commit)).isEqualTo(ErrorCode.ROLLED_BACK);
        other.consume(2, OUT);
        assertThat(other.textsOf(2)).isEmpty();
        client.take();
        client.credit(1, 10);
        assertThat(client.takeTexts()).containsExactly("1");
        assertThat(client.failure(client.commit(1))).isNull();
    }

    private void sendNumbered(Address queue, int count) {
        for (int index = 0; index < count; index++) {
            client.send(queue, "" + index);
        }
    }
}
