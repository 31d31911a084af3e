package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.StoreReport.QueueLine;
import io.posthorn.broker.limit.LimitPolicy;
import io.posthorn.broker.limit.QueueLimit;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What happens when a queue has as much as it may. */
class LimitTest {

    private static final Address QUEUE = Address.queue("q");
    private static final Address OTHER = Address.queue("other");
    private static final Address TOPIC = Address.topic("t");
    private static final BranchId BRANCH = new BranchId(1, new byte[] {1}, new byte[] {2});

    private final BrokerHarness harness = BrokerHarness.withStagedBytes(1 << 20);
    private final TestClient client = harness.connected();
    private final TestClient reader = harness.connected();

    private void limit(String name, long messagesMax, LimitPolicy policy) {
        limit(name, new QueueLimit(messagesMax, Long.MAX_VALUE, policy));
    }

    private void limit(String name, QueueLimit limit) {
        harness.destinationSettings.put(name, new DestinationSettings(true, 3, "dead").withLimit(limit));
    }

    private QueueLine line(String label) {
        return harness.broker.report().queues().stream()
                .filter(queue -> queue.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private String textOf(TestClient of, long command) {
        return of.failures.get(command).text();
    }

    @Test
    void shouldBlockWithWhatIsFullSinceWhenAndItsLimitUntilThereIsRoom() {
        limit("q", 2, LimitPolicy.BLOCK);
        client.send(QUEUE, "a");
        client.send(QUEUE, "b");
        long sinceMs = harness.nowMs;
        long refused = client.send(QUEUE, "c");
        harness.sleep(5000);

        assertThat(client.failure(refused)).isEqualTo(ErrorCode.BLOCKED);
        assertThat(textOf(client, refused))
                .contains("queue 'q' is full since " + Instant.ofEpochMilli(sinceMs), "messages-max is 2");
        assertThat(line("queue 'q'").blockedSenders()).isEqualTo(1);
        assertThat(line("queue 'q'").fullSinceMs()).isEqualTo(sinceMs);
        assertThat(client.takeUnblocked()).isEmpty();

        reader.consume(1, QUEUE);
        reader.acknowledge(1, reader.deliveries.get(0).entry());
        assertThat(client.takeUnblocked()).containsExactly(1L);
        client.reopen(1);
        assertThat(client.isConfirmed(client.send(QUEUE, "c"))).isTrue();
        assertThat(client.failures).hasSize(1);
        assertThat(reader.takeTexts()).containsExactly("a", "b", "c");
        assertThat(line("queue 'q'").blockedSenders()).isZero();
    }

    @Test
    void shouldTakeNothingOfASessionUntilItTriesAgain() {
        limit("q", 1, LimitPolicy.BLOCK);
        client.openSession(2);
        client.send(QUEUE, "a");
        client.send(QUEUE, "b");
        assertThat(client.failure(client.send(OTHER, "behind b"))).isEqualTo(ErrorCode.BLOCKED);
        long another = client.send(2, false, OTHER, message("of another session"));
        assertThat(client.failure(another)).isNull();

        reader.consume(1, QUEUE);
        reader.acknowledge(1, reader.last().entry());
        assertThat(client.failure(client.send(QUEUE, "too early"))).isEqualTo(ErrorCode.BLOCKED);
        client.reopen(1);
        assertThat(client.failure(client.send(QUEUE, "b"))).isNull();
    }

    @Test
    void shouldServeAllElseOfABlockedConnection() {
        limit("q", 1, LimitPolicy.BLOCK);
        client.consume(1, OTHER);
        client.send(OTHER, "work");
        client.send(QUEUE, "a");
        client.send(QUEUE, "b");

        long acknowledged = client.acknowledge(1, client.last().entry());

        assertThat(client.isConfirmed(acknowledged)).isTrue();
        assertThat(client.failure(acknowledged)).isNull();
    }

    @Test
    void shouldTellAsManyAsThereIsRoomForFirstComeFirstServed() {
        limit("q", 2, LimitPolicy.BLOCK);
        TestClient second = harness.connected();
        TestClient third = harness.connected();
        client.send(QUEUE, "a");
        client.send(QUEUE, "b");
        client.send(QUEUE, "c");
        second.send(QUEUE, "d");
        third.send(QUEUE, "e");
        assertThat(line("queue 'q'").blockedSenders()).isEqualTo(3);

        reader.consume(1, QUEUE);
        reader.acknowledge(1, reader.lastEntries(2));

        assertThat(client.takeUnblocked()).containsExactly(1L);
        assertThat(second.takeUnblocked()).containsExactly(1L);
        assertThat(third.takeUnblocked()).isEmpty();

        // somebody was faster: who was told comes first again
        third.reopen(1);
        assertThat(third.failure(third.send(QUEUE, "e"))).isNull();
        second.reopen(1);
        assertThat(second.failure(second.send(QUEUE, "d"))).isNull();
        client.reopen(1);
        assertThat(client.failure(client.send(QUEUE, "c"))).isEqualTo(ErrorCode.BLOCKED);
        second.send(QUEUE, "f");
        reader.acknowledge(1, reader.last().entry());
        assertThat(client.takeUnblocked()).containsExactly(1L);
        assertThat(second.takeUnblocked()).isEmpty();
    }

    @Test
    void shouldForgetWhoIsGone() {
        limit("q", 1, LimitPolicy.BLOCK);
        client.send(QUEUE, "a");
        client.send(QUEUE, "b");
        client.close();
        assertThat(line("queue 'q'").blockedSenders()).isZero();
    }

    @Test
    void shouldLimitBytesButTakeWhateverComesToAnEmptyQueue() {
        long each = message("aaaa").build().length();
        limit("q", new QueueLimit(Long.MAX_VALUE, each + 10, LimitPolicy.FAIL));
        assertThat(client.failure(client.send(QUEUE, "x".repeat(1000)))).isNull();
        reader.consume(1, QUEUE);
        reader.acknowledge(1, reader.last().entry());

        client.send(QUEUE, "aaaa");
        long refused = client.send(QUEUE, "bbbb");
        assertThat(client.failure(refused)).isEqualTo(ErrorCode.RESOURCE_LIMIT);
        assertThat(textOf(client, refused)).contains("1 messages of " + each + " bytes (bytes-max is " + (each + 10));
        assertThat(line("queue 'q'").counts().refused()).isEqualTo(1);
    }

    @Test
    void shouldCountVolatileMessagesToo() {
        limit("q", 1, LimitPolicy.FAIL);
        client.send(QUEUE, message("a").persistent(false));
        assertThat(client.failure(client.send(QUEUE, message("b").persistent(false))))
                .isEqualTo(ErrorCode.RESOURCE_LIMIT);
    }

    @Test
    void shouldGoOnBehindAPageThatWentWhileItWasRead() {
        BrokerHarness own = new BrokerHarness(1 << 16, 0, 64L << 20, 0, 1, 1L << 40);
        own.destinationSettings.put(
                "q",
                DestinationSettings.DEFAULTS.withLimit(new QueueLimit(2, Long.MAX_VALUE, LimitPolicy.DROP_OLDEST)));
        TestClient sender = own.connected();
        sender.send(QUEUE, "a");
        sender.send(QUEUE, message("b").property("wanted", true));
        own.sleep(1);
        TestClient seeker = own.connected();
        seeker.attach(1, 1, Source.queue(QUEUE, "wanted = TRUE"));
        own.byHand();
        seeker.credit(1, 1);
        own.unreadable.add(own.newestFetch());
        sender.send(QUEUE, "c"); // in the place of the first, whose page nobody needs any more

        own.automatic();
        assertThat(seeker.takeTexts()).containsExactly("b");
    }

    @Test
    void shouldDropTheOldestThatNobodyHolds() {
        limit("q", 3, LimitPolicy.DROP_OLDEST);
        reader.attach(1, QUEUE);
        reader.credit(1, 1);
        client.send(QUEUE, "held");
        client.send(QUEUE, message("b").priority(9));
        client.send(QUEUE, message("c").persistent(false));
        client.send(QUEUE, "d");
        client.send(QUEUE, "e");

        assertThat(client.failures).isEmpty();
        assertThat(line("queue 'q'").depth()).isEqualTo(3);
        assertThat(line("queue 'q'").counts().dropped()).isEqualTo(2);
        harness.crash();
        TestClient later = harness.connected().consume(1, QUEUE);
        assertThat(later.takeTexts()).containsExactly("held", "d", "e");
    }

    @Test
    void shouldSendWhatItRejectsToTheDeadLetters() {
        limit("q", 1, LimitPolicy.REJECT);
        client.send(QUEUE, "a");
        long rejected = client.send(QUEUE, message("b").property("colour", "red"));
        assertThat(client.isConfirmed(rejected)).isTrue();
        assertThat(client.failure(rejected)).isNull();

        harness.crash();
        TestClient later = harness.connected().consume(1, QUEUE).consume(2, Address.queue("dead"));
        assertThat(later.textsOf(1)).containsExactly("a");
        assertThat(later.textsOf(2)).containsExactly("b");
        Envelope letter = TestClient.envelope(later.last());
        assertThat(letter.property("JMS_POSTHORN_ORIGIN")).isEqualTo("queue 'q'");
        assertThat(letter.property("JMS_POSTHORN_REASON")).isEqualTo("rejected");
        assertThat((String) letter.property("JMS_POSTHORN_CAUSE")).contains("is full since", "messages-max is 1");
        assertThat(letter.property("JMS_POSTHORN_ATTEMPTS")).isEqualTo(0);
        assertThat(letter.property("JMS_POSTHORN_TIME")).isEqualTo(BrokerHarness.START_MS);
        assertThat(letter.property("colour")).isEqualTo("red");
    }

    @Test
    void shouldKeepAFullSubscriptionFromNobodyElse() {
        limit("t", 1, null);
        reader.attach(1, 1, new Source(TOPIC, Source.Mode.CONSUME, "idle", true, true, false, null));
        reader.consume(2, new Source(TOPIC, Source.Mode.CONSUME, "busy", true, true, false, null));
        for (int number = 0; number < 3; number++) {
            client.send(TOPIC, "m" + number);
            reader.acknowledge(2, reader.last().entry());
        }
        assertThat(client.failures).isEmpty();
        assertThat(reader.textsOf(2)).containsExactly("m0", "m1", "m2");
        assertThat(line("queue 'dead'").depth()).isEqualTo(2);
    }

    @Test
    void shouldBlockPublishersWhereThatIsAskedFor() {
        limit("t", 1, LimitPolicy.BLOCK);
        reader.attach(1, 1, new Source(TOPIC, Source.Mode.CONSUME, "idle", true, true, false, null));
        client.send(TOPIC, "a");
        long refused = client.send(TOPIC, "b");
        assertThat(client.failure(refused)).isEqualTo(ErrorCode.BLOCKED);
        assertThat(textOf(client, refused)).contains("subscription 'idle' on topic 't'");
    }

    @Test
    void shouldLetACommitWaitAndTellWhenThereIsRoom() {
        limit("q", 2, LimitPolicy.BLOCK);
        client.send(QUEUE, "a");
        client.sendTransacted(QUEUE, "b");
        client.sendTransacted(QUEUE, "c");
        assertThat(client.failure(client.commit(1))).isEqualTo(ErrorCode.BLOCKED);
        reader.consume(1, QUEUE);
        reader.acknowledge(1, reader.last().entry());

        assertThat(client.takeUnblocked()).containsExactly(1L);
        assertThat(client.isConfirmed(client.commit(1))).isTrue();
        assertThat(client.failures).hasSize(1);
        assertThat(reader.takeTexts()).containsExactly("a", "b", "c");
    }

    @Test
    void shouldNotStopATransactionThatTakesAsMuchAsItPuts() {
        limit("q", 2, LimitPolicy.BLOCK);
        client.send(QUEUE, "a");
        client.send(QUEUE, "b");
        client.consume(1, QUEUE);
        client.acknowledgeTransacted(1, client.deliveries.get(0).entry());
        client.sendTransacted(QUEUE, "a again");

        assertThat(client.isConfirmed(client.commit(1))).isTrue();
        assertThat(client.failures).isEmpty();
        assertThat(client.takeTexts()).containsExactly("a", "b", "a again");
    }

    @Test
    void shouldRollBackATransactionThatFails() {
        limit("q", 1, LimitPolicy.FAIL);
        client.send(QUEUE, "a");
        client.sendTransacted(OTHER, "x");
        client.sendTransacted(QUEUE, "b");
        long commit = client.commit(1);
        assertThat(client.failure(commit)).isEqualTo(ErrorCode.ROLLED_BACK);
        assertThat(textOf(client, commit)).contains("queue 'q' is full", "messages-max is 1");
        assertThat(client.isConfirmed(client.commit(1))).isTrue();
        reader.consume(1, OTHER);
        assertThat(reader.takeTexts()).isEmpty();
    }

    @Test
    void shouldRejectOfATransactionOnlyWhatDoesNotFit() {
        limit("q", 2, LimitPolicy.REJECT);
        client.send(QUEUE, "a");
        client.sendTransacted(QUEUE, "b");
        client.sendTransacted(QUEUE, "c");
        client.sendTransacted(QUEUE, "d");
        assertThat(client.isConfirmed(client.commit(1))).isTrue();
        reader.consume(1, QUEUE).consume(2, Address.queue("dead"));
        assertThat(reader.textsOf(1)).containsExactly("a", "b");
        assertThat(reader.textsOf(2)).containsExactly("c", "d");
    }

    @Test
    void shouldJudgeABranchWhenItIsPrepared() {
        limit("q", 1, LimitPolicy.BLOCK);
        client.send(QUEUE, "a");
        start();
        client.send(1, true, QUEUE, message("b"));
        end();
        assertThat(client.failure(prepare())).isEqualTo(ErrorCode.BLOCKED);
        reader.consume(1, QUEUE);
        reader.acknowledge(1, reader.last().entry());
        assertThat(client.takeUnblocked()).containsExactly(0L);
        client.reopen(0);
        assertThat(client.results).containsEntry(prepare(), 0L);
        client.send(QUEUE, "c"); // takes the room of what is prepared
        client.frame(new ClientFrame.XaCommit(client.nextCommand(), BRANCH, false));
        assertThat(client.failure(client.lastCommand)).isNull();
        assertThat(reader.takeTexts()).containsExactly("a", "c", "b");
    }

    @Test
    void shouldRollBackABranchThatFails() {
        limit("q", 1, LimitPolicy.FAIL);
        client.send(QUEUE, "a");
        start();
        client.send(1, true, QUEUE, message("b"));
        end();
        client.frame(new ClientFrame.XaCommit(client.nextCommand(), BRANCH, true));
        assertThat(client.failure(client.lastCommand)).isEqualTo(ErrorCode.XA_ROLLED_BACK);
        assertThat(line("queue 'q'").depth()).isEqualTo(1);
    }

    private void start() {
        client.frame(new ClientFrame.XaStart(client.nextCommand(), 1, BRANCH, 0));
    }

    private void end() {
        client.frame(new ClientFrame.XaEnd(client.nextCommand(), 1, BRANCH, 0x04000000));
    }

    private long prepare() {
        client.frame(new ClientFrame.XaPrepare(client.nextCommand(), BRANCH));
        return client.lastCommand;
    }

    @Test
    void shouldRememberARefusalOverARestartSoThatNothingOvertakesIt() {
        limit("q", 1, LimitPolicy.BLOCK);
        client.send(QUEUE, "a");
        long refused = client.send(QUEUE, "b");
        assertThat(client.failure(refused)).isEqualTo(ErrorCode.BLOCKED);
        client.confirmed = refused - 1; // the client has not heard of it
        client.failures.clear();
        harness.crash();

        client.reconnect();
        assertThat(client.greeting.lastCommand()).isEqualTo(refused);
        assertThat(client.failure(refused)).isEqualTo(ErrorCode.BLOCKED);
        client.openSession(1);
        assertThat(client.failure(client.send(OTHER, "behind b"))).isEqualTo(ErrorCode.BLOCKED);
        client.reopen(1);
        assertThat(client.failure(client.send(OTHER, "behind b"))).isNull();
    }

    @Test
    void shouldTellOtherSessionsWhenTheyWaitOnlyForWhatWasRefusedBeforeARestart() {
        limit("q", 1, LimitPolicy.BLOCK);
        client.openSession(2);
        client.send(QUEUE, "a");
        long refused = client.send(QUEUE, "b");
        client.confirmed = refused - 1; // the client has not heard of it
        harness.crash();

        client.reconnect();
        client.openSession(1);
        client.openSession(2);
        assertThat(client.failure(client.send(2, false, OTHER, message("c")))).isEqualTo(ErrorCode.BLOCKED);
        client.reopen(1);
        assertThat(client.takeUnblocked()).containsExactly(2L);
        assertThat(client.failure(client.send(2, false, OTHER, message("overtakes c"))))
                .isEqualTo(ErrorCode.BLOCKED);
        client.reopen(2);
        assertThat(client.failure(client.send(2, false, OTHER, message("c")))).isNull();
    }

    @Test
    void shouldBoundTheMemoryOfATransactionAndFreeItWhenItIsRefused() {
        byte[] eighth = new EnvelopeBuilder()
                .body(BodyKind.BYTES, new byte[128 << 10], 128 << 10)
                .build()
                .bytes();
        client.openSession(2);
        client.openSession(3);
        for (long session = 1; session <= 2; session++) {
            for (int count = 0; count < 3; count++) {
                assertThat(client.failure(client.send(session, true, QUEUE, eighth)))
                        .isNull();
            }
        }
        long refused = client.send(1, true, QUEUE, eighth);
        assertThat(client.failure(refused)).isEqualTo(ErrorCode.RESOURCE_LIMIT);
        assertThat(textOf(client, refused))
                .contains(
                        "3 messages",
                        "memory.transactions is 1048576",
                        "half",
                        "since " + Instant.ofEpochMilli(harness.nowMs));
        assertThat(client.failure(client.send(1, true, QUEUE, eighth)))
                .as("one reason is enough")
                .isNull();
        for (int count = 0; count < 3; count++) {
            assertThat(client.failure(client.send(3, true, QUEUE, eighth)))
                    .as("there is room again")
                    .isNull();
        }

        long commit = client.commit(1);
        assertThat(client.failure(commit)).isEqualTo(ErrorCode.ROLLED_BACK);
        assertThat(textOf(client, commit)).contains("memory.transactions is 1048576");
        client.commit(2);
        client.rollback(3);
        assertThat(line("queue 'q'").depth()).isEqualTo(3);
        for (int count = 0; count < 3; count++) {
            assertThat(client.failure(client.send(1, true, QUEUE, eighth))).isNull();
        }
        assertThat(client.failure(client.commit(1))).isNull();
        assertThat(line("queue 'q'").depth()).isEqualTo(6);
    }

    @Test
    void shouldBoundTheMemoryOfAllTransactionsTogetherPreparedOnesIncluded() {
        byte[] quarter = new EnvelopeBuilder()
                .body(BodyKind.BYTES, new byte[250 << 10], 250 << 10)
                .build()
                .bytes();
        start();
        client.send(1, true, QUEUE, quarter);
        client.send(1, true, QUEUE, quarter);
        end();
        client.send(1, true, QUEUE, quarter);
        client.openSession(2);
        client.send(2, true, QUEUE, quarter);
        assertThat(client.results).containsEntry(prepare(), 0L);
        long refused = client.send(2, true, QUEUE, quarter);
        assertThat(client.failure(refused)).isEqualTo(ErrorCode.RESOURCE_LIMIT);
        assertThat(client.failure(client.commit(2))).isEqualTo(ErrorCode.ROLLED_BACK);

        client.frame(new ClientFrame.XaCommit(client.nextCommand(), BRANCH, false));
        client.send(2, true, QUEUE, quarter);
        assertThat(client.failure(client.send(2, true, QUEUE, quarter))).isNull();
        assertThat(client.failure(client.commit(2))).isNull();
        assertThat(client.failure(client.commit(1))).isNull();
        assertThat(line("queue 'q'").depth()).isEqualTo(5);
    }

    @Test
    void shouldLetDeadLettersIntoAFullGraveyard() {
        limit("dead", 1, LimitPolicy.BLOCK);
        limit("q", 1, LimitPolicy.REJECT);
        client.send(QUEUE, "a");
        client.send(QUEUE, "b");
        client.send(QUEUE, "c");
        assertThat(client.failures).isEmpty();
        assertThat(line("queue 'dead'").depth()).isEqualTo(2);
        assertThat(client.failure(client.send(Address.queue("dead"), "d"))).isEqualTo(ErrorCode.BLOCKED);
    }

    @Test
    void shouldKeepTheLimitOverARestart() {
        limit("q", 2, LimitPolicy.BLOCK);
        client.send(QUEUE, "a");
        client.send(QUEUE, "b");
        harness.restart();
        TestClient later = harness.connected();
        assertThat(later.failure(later.send(QUEUE, "c"))).isEqualTo(ErrorCode.BLOCKED);
        assertThat(later.received).noneMatch(ServerFrame.Unblocked.class::isInstance);
    }
}
