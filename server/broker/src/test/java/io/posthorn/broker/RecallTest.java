package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static io.posthorn.broker.TestClient.ranges;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.broker.transaction.Branches;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an idle consumer was sent ahead is asked back when others could begin with it. */
class RecallTest {

    private static final Address QUEUE = Address.queue("q");
    private static final Source SOURCE = Source.queue(QUEUE, null);
    private static final long INTERVAL_MS = 250;

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient idle = harness.connected();
    private final TestClient other = harness.connected();

    private void send(int count) {
        for (int number = 0; number < count; number++) {
            other.send(QUEUE, "" + number);
        }
    }

    private static long recalls(TestClient client) {
        return client.received.stream()
                .filter(ServerFrame.Recall.class::isInstance)
                .count();
    }

    private void sleepLong() {
        for (int round = 0; round < 20; round++) {
            harness.sleep(INTERVAL_MS);
        }
    }

    /** Takes the first of three messages in a branch; the other two are with the client. */
    private void takeInBranch() {
        idle.consume(1, QUEUE);
        send(3);
        idle.xaStart(1, Branches.TMNOFLAGS);
        idle.acknowledgeTransacted(1, idle.deliveries.get(0).entry());
        idle.xaEnd(1, Branches.TMSUCCESS);
        idle.take();
    }

    /** Answers the recall; what comes then. */
    private List<String> answerRecall() {
        assertThat(recalls(idle)).isEqualTo(1);
        idle.take();
        idle.attach(1, 1, SOURCE, EntryRanges.NONE);
        idle.credit(1, 100);
        return idle.takeTexts();
    }

    @Test
    void shouldRestoreTheOrderWhenAnotherConnectionRollsBackABranch() {
        takeInBranch();
        other.xaRollback(1);

        assertThat(answerRecall()).containsExactly("0", "1", "2");
    }

    @Test
    void shouldRestoreTheOrderWhenAnotherConnectionRollsBackAPreparedBranch() {
        takeInBranch();
        idle.xaPrepare(1);
        other.xaRollback(1);

        assertThat(answerRecall()).containsExactly("0", "1", "2");
    }

    @Test
    void shouldRestoreTheOrderWhenABranchTimesOut() {
        takeInBranch();
        harness.sleep(301_000);

        assertThat(answerRecall()).containsExactly("0", "1", "2");
    }

    @Test
    void shouldRestoreTheOrderWhenABranchIsRolledBackByRecovery() {
        takeInBranch();
        idle.xaPrepare(1);
        harness.crash();
        idle.reconnect().openSession(1);
        idle.consume(1, QUEUE);
        assertThat(idle.takeTexts()).containsExactly("1", "2");
        other.reconnect().xaRollback(1);

        assertThat(answerRecall()).containsExactly("0", "1", "2");
    }

    /** The other one holds the first three of five messages; the idle one the rest. */
    private void takeByTwo() {
        other.attach(1, QUEUE);
        other.credit(1, 3);
        send(5);
        idle.consume(1, QUEUE);
    }

    @Test
    void shouldRestoreTheOrderWhenAnotherConsumerCloses() {
        takeByTwo();
        other.detach(1, other.lastEntries(3)[0]);

        assertThat(answerRecall()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void shouldRestoreTheOrderWhenAnotherConnectionCloses() {
        takeByTwo();
        other.close();

        assertThat(answerRecall()).containsExactly("0", "1", "2", "3", "4");
    }

    @Test
    void shouldRestoreTheOrderWhenATransactionOfAClosedConsumerIsRolledBack() {
        takeByTwo();
        other.acknowledgeTransacted(1, other.lastEntries(3));
        other.detach(1);
        assertThat(recalls(idle)).isZero();
        other.rollback(1);

        assertThat(answerRecall()).containsExactly("0", "1", "2", "3", "4");
    }

    @Test
    void shouldNotRecallWhatComesBeforeWhatIsGivenBack() {
        idle.attach(1, QUEUE);
        idle.credit(1, 3);
        send(5);
        other.consume(1, QUEUE);
        other.detach(1);

        assertThat(recalls(idle)).isZero();
        idle.credit(1, 100);
        assertThat(idle.takeTexts()).containsExactly("0", "1", "2", "3", "4");
    }

    @Test
    void shouldNotRecallForWhatWasHeldBefore() {
        TestClient third = harness.connected();
        other.attach(1, QUEUE);
        other.credit(1, 2);
        send(2);
        third.attach(1, QUEUE);
        third.credit(1, 1);
        send(1);
        idle.consume(1, QUEUE);
        send(1);
        idle.acknowledge(1, idle.lastEntries(1)[0]);
        other.detach(1);
        third.detach(1);

        assertThat(recalls(idle)).isZero();
        assertThat(idle.takeTexts()).endsWith("0", "1", "0");
    }

    @Test
    void shouldNotRecallFromSeveralConsumersForTheOrderOfOne() {
        takeInBranch();
        TestClient third = harness.connected();
        third.consume(1, QUEUE);
        other.xaRollback(1);

        assertThat(recalls(idle) + recalls(third)).isZero();
        assertThat(third.takeTexts().size() + idle.takeTexts().size()).isEqualTo(1);
    }

    @Test
    void shouldGiveToOthersWhatAnIdleConsumerWasSentAhead() {
        idle.consume(1, QUEUE);
        send(5);
        long[] entries = idle.lastEntries(5);
        other.consume(1, QUEUE);
        sleepLong();
        assertThat(idle.received)
                .filteredOn(ServerFrame.Recall.class::isInstance)
                .containsExactly(new ServerFrame.Recall(1, idle.generation(1)));

        idle.attach(1, 1, SOURCE, EntryRanges.of(entries[0]));

        assertThat(other.takeTexts()).containsExactly("1", "2", "3", "4");
        assertThat(other.deliveries)
                .allSatisfy(deliver -> assertThat(deliver.redelivered()).isFalse())
                .allSatisfy(deliver -> assertThat(deliver.attempts()).isZero());
        assertThat(idle.failure(idle.acknowledge(1, entries[0]))).isNull();
    }

    @Test
    void shouldReturnWhatWasAskedBackToItsPlace() {
        idle.attach(1, QUEUE);
        idle.credit(1, 4);
        other.send(QUEUE, message("low").priority(1));
        other.send(QUEUE, "a");
        other.send(QUEUE, "b");
        other.send(QUEUE, "c");
        other.send(QUEUE, "d");
        other.attach(1, QUEUE);
        other.credit(1, 1);
        assertThat(other.takeTexts()).containsExactly("d");
        other.credit(1, 2);
        sleepLong();
        assertThat(recalls(idle)).isEqualTo(1);
        idle.attach(1, 1, SOURCE, EntryRanges.NONE);
        other.credit(1, 10);

        assertThat(other.takeTexts()).containsExactly("a", "b", "c", "low");
    }

    @Test
    void shouldLeaveAConsumerAloneThatIsAtWork() {
        idle.consume(1, QUEUE);
        send(20);
        other.consume(1, QUEUE);
        for (ServerFrame.Deliver deliver : idle.take()) {
            harness.sleep(INTERVAL_MS - 1);
            idle.acknowledge(1, deliver.entry());
        }

        assertThat(recalls(idle)).isZero();
    }

    @Test
    void shouldAskAgainOnlyWhenSomethingWasHeardMeanwhile() {
        idle.consume(1, QUEUE);
        send(3);
        other.consume(1, QUEUE);
        sleepLong();
        assertThat(recalls(idle)).isEqualTo(1);

        idle.acknowledge(1, idle.lastEntries(3)[0]);
        sleepLong();

        assertThat(recalls(idle)).isEqualTo(2);
    }

    @Test
    void shouldAskTheOneThatHoldsMost() {
        TestClient third = harness.connected();
        idle.attach(1, QUEUE);
        idle.credit(1, 3);
        send(3);
        third.attach(1, QUEUE);
        third.credit(1, 2);
        send(2);
        other.consume(1, QUEUE);
        idle.acknowledge(1, idle.lastEntries(3)[0]);
        third.acknowledge(1, third.lastEntries(2)[0]);
        harness.sleep(INTERVAL_MS);
        harness.sleep(INTERVAL_MS);

        assertThat(recalls(idle)).isEqualTo(1);
        assertThat(recalls(third)).isZero();
    }

    @Test
    void shouldGiveTimeToAConsumerThatHasNotBegun() {
        idle.consume(1, QUEUE);
        send(3);
        other.consume(1, QUEUE);
        for (int round = 0; round < 4; round++) {
            harness.sleep(INTERVAL_MS);
        }
        assertThat(recalls(idle)).isZero();
        harness.sleep(INTERVAL_MS);

        assertThat(recalls(idle)).isEqualTo(1);
    }

    @Test
    void shouldNotAskAfterThisMachineStoodStill() {
        idle.consume(1, QUEUE);
        send(3);
        other.consume(1, QUEUE);
        idle.acknowledge(1, idle.lastEntries(3)[0]);
        harness.sleep(INTERVAL_MS);
        harness.sleep(10 * INTERVAL_MS);
        assertThat(recalls(idle)).isZero();
        harness.sleep(INTERVAL_MS);

        assertThat(recalls(idle)).isEqualTo(1);
    }

    @Test
    void shouldNotAskWhileNobodyIsInWant() {
        idle.consume(1, QUEUE);
        send(3);
        other.attach(1, QUEUE);
        other.consume(2, Source.browse(QUEUE, null));
        sleepLong();
        assertThat(recalls(idle)).isZero();

        other.credit(1, 1);
        sleepLong();
        assertThat(recalls(idle)).isEqualTo(1);
    }

    @Test
    void shouldAskForAConsumerThatOnlyLooksNowAndThen() {
        idle.consume(1, QUEUE);
        send(3);
        other.attach(1, QUEUE);
        other.credit(1, 1);
        other.drain(1, 7);
        assertThat(other.isDrained(7)).isTrue();

        sleepLong();
        idle.attach(1, 1, SOURCE, EntryRanges.NONE);
        other.credit(1, 1);

        assertThat(other.takeTexts()).containsExactly("0");
    }

    @Test
    void shouldAskNobodyAfterTheAnswerWhoeverIsInWant() {
        idle.consume(1, QUEUE);
        send(2);
        other.consume(1, QUEUE);
        sleepLong();
        long[] entries = idle.lastEntries(2);
        idle.attach(1, 1, SOURCE, ranges(entries));
        idle.credit(1, 1);
        sleepLong();

        assertThat(recalls(idle)).isEqualTo(1);
        assertThat(recalls(other)).isZero();
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldLookForNothingWhereOneConsumerIsAlone() {
        idle.consume(1, QUEUE);
        send(3);

        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldAskWhenASecondConsumerComesMuchLater() {
        idle.consume(1, QUEUE);
        send(3);
        sleepLong();
        other.consume(1, QUEUE);
        sleepLong();

        assertThat(recalls(idle)).isEqualTo(1);
    }
}
