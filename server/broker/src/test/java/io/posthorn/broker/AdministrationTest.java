package io.posthorn.broker;

import static io.posthorn.broker.TestClient.durable;
import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.admin.BranchLine;
import io.posthorn.broker.admin.Changes;
import io.posthorn.broker.admin.DestinationLine;
import io.posthorn.broker.admin.DiskLine;
import io.posthorn.broker.admin.Done;
import io.posthorn.broker.admin.MessageLine;
import io.posthorn.broker.admin.Resent;
import io.posthorn.broker.admin.SubscriptionId;
import io.posthorn.broker.limit.LimitPolicy;
import io.posthorn.broker.limit.QueueLimit;
import io.posthorn.broker.store.Refusal;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What an operator asks for and orders, and what is left of it after a crash. */
class AdministrationTest {

    private static final Address QUEUE = Address.queue("q");
    private static final Address PLAIN = Address.queue("plain");
    private static final Address DEAD = Address.queue("dead");
    private static final int TMSUCCESS = 0x04000000;

    /** A deep queue: three entries a page, and hardly one of them in memory. */
    private final BrokerHarness harness = new BrokerHarness(4096, 0, 8192, 300, 3, 1L << 40);

    private final TestClient client;

    AdministrationTest() {
        harness.destinationSettings.put("q", new DestinationSettings(true, 1, "dead"));
        harness.destinationSettings.put("t", new DestinationSettings(true, 1, "dead"));
        client = harness.connected("alice");
    }

    /** An order, given in a turn. */
    private interface Order<T> {
        Done<T> give(Changes changes) throws Refusal;
    }

    /** Gives an order and waits for the log. */
    private <T> T order(Order<T> order) throws Refusal {
        AtomicReference<T> told = new AtomicReference<>();
        AtomicReference<Refusal> refused = new AtomicReference<>();
        harness.turn(() -> {
            try {
                Done<T> done = order.give(harness.broker.administration().changes());
                harness.broker.administration().whenDurable(done.position(), () -> told.set(done.result()));
            } catch (Refusal refusal) {
                refused.set(refusal);
            }
        });
        if (refused.get() != null) {
            throw refused.get();
        }
        return told.get();
    }

    private long count(Order<Long> order) throws Refusal {
        return order(order);
    }

    private boolean decided(Order<Boolean> order) throws Refusal {
        return order(order);
    }

    private List<MessageLine> search(Address address, String selector) {
        AtomicReference<List<MessageLine>> found = new AtomicReference<>();
        harness.turn(() -> {
            try {
                harness.broker.administration().search(address, selector, 100, done -> found.set(done.result()));
            } catch (Refusal refusal) {
                throw new AssertionError(refusal);
            }
        });
        harness.sleep(1);
        return found.get();
    }

    private Resent resend(String selector, long limit, Address to) {
        AtomicReference<Resent> answer = new AtomicReference<>();
        harness.turn(() -> {
            try {
                harness.broker
                        .administration()
                        .resend(
                                DEAD,
                                selector,
                                limit,
                                to,
                                done -> harness.broker
                                        .administration()
                                        .whenDurable(done.position(), () -> answer.set(done.result())));
            } catch (Refusal refusal) {
                throw new AssertionError(refusal);
            }
        });
        for (int turns = 0; answer.get() == null && turns < 100; turns++) {
            harness.sleep(1);
        }
        return answer.get();
    }

    private DestinationLine line(Address address) {
        return harness.broker
                .administration()
                .inventory()
                .describe(List.of(address))
                .get(0);
    }

    private DiskLine disk() {
        return harness.broker.administration().inventory().disk();
    }

    private void send(Address address, int count) {
        for (int number = 0; number < count; number++) {
            client.send(address, "" + number);
        }
    }

    /** Lets messages of a queue become dead letters, the last one first. */
    private void bury(Address address, int count) {
        client.consume(50, address);
        for (int number = 0; number < count; number++) {
            client.release(50, client.last().entry());
            client.credit(50, 1_000_000);
        }
        client.detach(50);
        client.take();
    }

    @Test
    void shouldPurgeADeepQueueAtOnceAndGiveBackItsSpaceInTheBackground() throws Refusal {
        send(QUEUE, 1000);
        long full = disk().journal().liveBytes();
        harness.byHand();

        harness.turn(() -> {
            try {
                assertThat(harness.broker
                                .administration()
                                .changes()
                                .purge(QUEUE)
                                .result())
                        .isEqualTo(1000);
            } catch (Refusal refusal) {
                throw new AssertionError(refusal);
            }
        });

        assertThat(line(QUEUE).messages().depth()).isZero();
        assertThat(harness.fetchesWaiting()).as("pages read at once").isLessThan(20);
        assertThat(disk().pagesToClear()).isGreaterThan(300);
        harness.automatic();
        assertThat(disk().pagesToClear()).isZero();
        assertThat(disk().journal().liveBytes()).isLessThan(full / 100);
        assertThat(client.consume(1, QUEUE).takeTexts()).isEmpty();
        client.send(QUEUE, "later");
        assertThat(client.takeTexts()).containsExactly("later");
    }

    @Test
    void shouldLeaveToTheirConsumersWhatTheyHoldWhenPurging() throws Refusal {
        send(QUEUE, 100);
        client.send(QUEUE, message("volatile").persistent(false));
        client.attach(1, QUEUE);
        client.credit(1, 10);
        List<ServerFrame.Deliver> held = client.take();

        assertThat(count(changes -> changes.purge(QUEUE))).isEqualTo(91);

        assertThat(line(QUEUE).messages().depth()).isEqualTo(10);
        client.acknowledge(1, held.get(3).entry());
        client.detach(1);
        harness.crash();
        assertThat(harness.connected().consume(1, QUEUE).takeTexts())
                .containsExactly("0", "1", "2", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void shouldGoOnGivingBackSpaceAfterACrashInTheMiddle() throws Refusal {
        send(QUEUE, 600);
        client.send(Address.queue("other"), "kept");
        harness.byHand();
        harness.turn(() -> {
            try {
                harness.broker.administration().changes().purge(QUEUE);
            } catch (Refusal refusal) {
                throw new AssertionError(refusal);
            }
        });
        for (int pages = 0; pages < 50; pages++) {
            harness.readOne();
        }
        harness.turn(() -> harness.broker.checkpoint());
        harness.sync();
        int left = disk().pagesToClear();

        harness.crash();
        assertThat(disk().pagesToClear()).isBetween(100, left);
        harness.automatic();

        assertThat(disk().pagesToClear()).isZero();
        assertThat(disk().journal().liveBytes()).isLessThan(500);
        TestClient next = harness.connected();
        assertThat(next.consume(1, QUEUE).takeTexts()).isEmpty();
        assertThat(next.consume(2, Address.queue("other")).takeTexts()).containsExactly("kept");
    }

    @Test
    void shouldDropAQueueOnlyWhenNobodyUsesItAndItsMessagesMayGo() throws Refusal {
        send(QUEUE, 50);
        client.attach(1, QUEUE);
        assertThatThrownBy(() -> order(changes -> changes.drop(QUEUE, true)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("1 consumers");
        client.detach(1);
        assertThatThrownBy(() -> order(changes -> changes.drop(QUEUE, false)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("50 messages");

        assertThat(count(changes -> changes.drop(QUEUE, true))).isEqualTo(50);

        assertThatThrownBy(() -> order(changes -> changes.purge(QUEUE))).hasMessageContaining("there is no queue 'q'");
        assertThat(disk().journal().liveBytes()).isZero();
        harness.crash();
        assertThat(harness.broker.administration().inventory().names(false)).isEmpty();
    }

    @Test
    void shouldTellSendersThatTheirQueueWasDropped() throws Refusal {
        client.send(QUEUE, "first");
        client.sendTransacted(QUEUE, "staged");
        order(changes -> changes.drop(QUEUE, true));

        assertThat(client.failure(client.commit(1))).isEqualTo(ErrorCode.ROLLED_BACK);
        long again = client.send(QUEUE, "again");
        assertThat(client.failure(again)).isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(client.failures.get(again).text()).contains("queue 'q' was dropped");
        assertThat(client.failure(client.send(QUEUE, "anew"))).isNull();
        assertThat(client.consume(1, QUEUE).takeTexts()).containsExactly("anew");
    }

    @Test
    void shouldCreateAndListDestinationsAndSubscriptions() throws Refusal {
        assertThat(decided(changes -> changes.create(QUEUE))).isTrue();
        assertThat(decided(changes -> changes.create(QUEUE))).isFalse();
        assertThat(decided(changes -> changes.create(Address.topic("t")))).isTrue();
        client.attach(1, 1, durable("t", "s"));
        client.send(Address.topic("t"), "a");
        SubscriptionId subscription = new SubscriptionId("alice", "s");

        harness.crash();
        assertThat(line(QUEUE).consumers()).isZero();
        assertThat(line(Address.topic("t")).subscriptions()).isEqualTo(1);
        assertThat(harness.broker.administration().inventory().subscriptions()).containsExactly(subscription);
        assertThat(harness.broker
                        .administration()
                        .inventory()
                        .describeSubscriptions(List.of(subscription))
                        .get(0)
                        .messages()
                        .depth())
                .isEqualTo(1);
        assertThatThrownBy(() -> order(changes -> changes.drop(Address.topic("t"), true)))
                .hasMessageContaining("subscription 's' on topic 't'");
        assertThat(count(changes -> changes.purge(subscription))).isEqualTo(1);
        assertThat(count(changes -> changes.drop(subscription))).isZero();
        assertThat(count(changes -> changes.drop(Address.topic("t"), false))).isZero();
    }

    @Test
    void shouldAnswerOnlyWhenTheLogIsDurable() {
        List<String> told = new ArrayList<>();
        harness.byHand();
        harness.turn(() -> {
            try {
                Done<Boolean> done = harness.broker.administration().changes().create(QUEUE);
                harness.broker.administration().whenDurable(done.position(), () -> told.add("created"));
            } catch (Refusal refusal) {
                throw new AssertionError(refusal);
            }
        });
        harness.write();
        harness.turn(() -> {});
        assertThat(told).isEmpty();

        harness.sync();

        assertThat(told).containsExactly("created");
    }

    @Test
    void shouldShowMessagesWithoutTakingThem() {
        client.send(QUEUE, message("a").messageId("ID:1").property("colour", "red"));
        client.send(QUEUE, message("b").messageId("ID:2").property("colour", "blue"));

        assertThat(search(QUEUE, null)).extracting(MessageLine::messageId).containsExactly("ID:1", "ID:2");
        assertThat(search(QUEUE, "JMSMessageID = 'ID:2'")).singleElement().satisfies(found -> {
            assertThat(found.properties()).containsEntry("colour", "blue");
            assertThat(found.kind()).isEqualTo("text");
        });
        assertThat(line(QUEUE).consumers()).isZero();
        assertThat(client.consume(1, QUEUE).takeTexts()).containsExactly("a", "b");
    }

    @Test
    void shouldSendDeadLettersBackToWhereTheyCameFrom() {
        client.attach(1, 1, durable("t", "s"));
        client.detach(1);
        client.attach(1, 2, durable("t", "other"));
        client.detach(2);
        send(QUEUE, 100);
        client.send(Address.topic("t"), "of the topic");
        bury(QUEUE, 100);
        client.consume(3, durable("t", "s"));
        client.release(3, client.last().entry());
        client.detach(3);
        assertThat(line(DEAD).messages().depth()).isEqualTo(101);

        assertThat(resend(null, Long.MAX_VALUE, null)).isEqualTo(new Resent(101, 0, List.of()));

        harness.crash();
        TestClient next = harness.connected("alice");
        assertThat(next.consume(1, QUEUE).takeTexts())
                .hasSize(100)
                .startsWith("99", "98")
                .endsWith("0");
        assertThat(next.deliveries)
                .allSatisfy(deliver -> assertThat(TestClient.envelope(deliver).property("JMS_POSTHORN_ORIGIN"))
                        .isNull());
        assertThat(next.consume(2, durable("t", "s")).takeTexts()).containsExactly("of the topic");
        assertThat(next.consume(3, durable("t", "other")).takeTexts()).containsExactly("of the topic");
        assertThat(next.consume(4, DEAD).takeTexts()).isEmpty();
    }

    @Test
    void shouldSendBackSomeAndKeepWhatHasNowhereToGo() throws Refusal {
        for (int number = 0; number < 10; number++) {
            client.send(QUEUE, message("" + number).property("n", number));
        }
        bury(QUEUE, 10);
        client.send(DEAD, "sent here by somebody");
        client.send(DEAD, message("volatile").persistent(false));

        assertThat(resend("n >= 7", Long.MAX_VALUE, null)).isEqualTo(new Resent(3, 0, List.of()));
        assertThat(resend(null, 2, null).moved()).isEqualTo(2);
        Resent rest = resend(null, Long.MAX_VALUE, null);
        assertThat(rest.moved()).isEqualTo(5);
        assertThat(rest.left()).isEqualTo(2);
        assertThat(rest.reasons()).singleElement().asString().contains("where it came from");
        assertThat(resend(null, Long.MAX_VALUE, Address.queue("elsewhere")).moved())
                .isEqualTo(2);

        assertThat(client.consume(1, QUEUE).takeTexts())
                .containsExactly("9", "8", "7", "6", "5", "4", "3", "2", "1", "0");
        assertThat(client.last().attempts()).as("counted anew").isZero();
        assertThat(client.consume(2, Address.queue("elsewhere")).takeTexts())
                .containsExactly("sent here by somebody", "volatile");
        assertThat(line(DEAD).consumers()).isZero();
    }

    /** {@code messagesMax} is for queue q, from its beginning. */
    private void limit(int messagesMax) {
        harness.destinationSettings.put(
                "q",
                new DestinationSettings(true, 1, "dead")
                        .withLimit(new QueueLimit(messagesMax, Long.MAX_VALUE, LimitPolicy.BLOCK)));
    }

    private StoreReport.QueueLine reported() {
        return harness.broker.report().queues().stream()
                .filter(queue -> queue.label().equals("queue 'q'"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldKeepADeadLetterWhoseOriginIsFull() {
        limit(1);
        client.send(QUEUE, "buried");
        bury(QUEUE, 1);
        client.send(QUEUE, "in its place");

        Resent refused = resend(null, Long.MAX_VALUE, null);
        assertThat(refused.moved()).isZero();
        assertThat(refused.left()).isEqualTo(1);
        assertThat(refused.reasons()).singleElement().asString().contains("queue 'q' is full");
        assertThat(line(DEAD).messages().depth()).isEqualTo(1);
        assertThat(line(QUEUE).messages().depth()).isEqualTo(1);

        client.consume(1, QUEUE);
        client.acknowledge(1, client.last().entry());
        assertThat(resend(null, Long.MAX_VALUE, null)).isEqualTo(new Resent(1, 0, List.of()));
        assertThat(client.takeTexts()).containsExactly("in its place", "buried");
    }

    @Test
    void shouldLetBlockedSendersGoOnWhenAQueueIsPurged() throws Refusal {
        limit(2);
        client.send(QUEUE, "a");
        client.send(QUEUE, message("b").persistent(false));
        assertThat(client.failure(client.send(QUEUE, "c"))).isEqualTo(ErrorCode.BLOCKED);
        assertThat(reported().fullSinceMs()).isEqualTo(harness.nowMs);

        assertThat(count(changes -> changes.purge(QUEUE))).isEqualTo(2);

        assertThat(reported().fullSinceMs()).isZero();
        assertThat(reported().blockedSenders()).isZero();
        assertThat(client.takeUnblocked()).containsExactly(1L);
        client.reopen(1);
        assertThat(client.failure(client.send(QUEUE, "c"))).isNull();
        assertThat(client.consume(1, QUEUE).takeTexts()).containsExactly("c");
    }

    @Test
    void shouldRememberWhatAnOperatorDecidedUntilTheCoordinatorForgetsIt() throws Refusal {
        prepare(1, "committed");
        prepare(2, "rolled back");
        List<BranchLine> prepared = harness.broker.administration().inventory().branches();
        assertThat(prepared).extracting(BranchLine::sends).containsExactly(1, 1);

        order(changes -> changes.resolve(TestClient.branch(1), true));
        order(changes -> changes.resolve(TestClient.branch(2), false));
        assertThatThrownBy(() -> order(changes -> changes.resolve(TestClient.branch(1), false)))
                .hasMessageContaining("an operator committed");

        harness.restart();
        harness.crash();
        TestClient manager = harness.connected();
        assertThat(manager.consume(1, QUEUE).takeTexts()).containsExactly("committed");
        assertThat(manager.xaRecover()).containsExactlyInAnyOrder(TestClient.branch(1), TestClient.branch(2));
        assertThat(manager.failure(manager.xaCommit(1, false))).isEqualTo(ErrorCode.XA_HEURISTIC_COMMIT);
        assertThat(manager.failure(manager.xaRollback(1))).isEqualTo(ErrorCode.XA_HEURISTIC_COMMIT);
        assertThat(manager.failure(manager.xaCommit(2, false))).isEqualTo(ErrorCode.XA_HEURISTIC_ROLLBACK);
        assertThat(manager.failure(manager.xaRollback(2))).isEqualTo(ErrorCode.XA_HEURISTIC_ROLLBACK);
        assertThat(manager.failure(manager.xaForget(1))).isNull();
        assertThat(manager.failure(manager.xaForget(2))).isNull();

        harness.crash();
        TestClient later = harness.connected();
        assertThat(later.xaRecover()).isEmpty();
        assertThat(later.failure(later.xaForget(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(later.failure(later.xaCommit(1, false))).isEqualTo(ErrorCode.XA_UNKNOWN);
    }

    @Test
    void shouldNotDropWhatAPreparedTransactionNeeds() throws Refusal {
        prepare(1, "a");

        assertThatThrownBy(() -> order(changes -> changes.drop(QUEUE, true)))
                .hasMessageContaining("prepared transaction " + TestClient.branch(1));
        assertThatThrownBy(() -> order(changes -> changes.resolve(TestClient.branch(7), true)))
                .hasMessageContaining("no branch");
        order(changes -> changes.resolve(TestClient.branch(1), false));
        order(changes -> changes.drop(QUEUE, true));
    }

    @Test
    void shouldNotDropWhereAPreparedTransactionSendsWhatIsNotInTheLog() throws Refusal {
        client.xaStart(1, 0);
        client.send(1, true, PLAIN, message("not stored").persistent(false));
        client.xaEnd(1, TMSUCCESS);
        client.xaPrepare(1);

        assertThatThrownBy(() -> order(changes -> changes.drop(PLAIN, true)))
                .hasMessageContaining("prepared transaction " + TestClient.branch(1));
        client.xaCommit(1, false);
        assertThat(client.consume(1, PLAIN).takeTexts()).containsExactly("not stored");
    }

    @Test
    void shouldEndAConnectionForGood() throws Refusal {
        send(PLAIN, 3);
        client.consume(1, PLAIN);
        assertThat(harness.broker.administration().inventory().connections())
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.clientId()).isEqualTo("alice");
                    assertThat(line.consumers()).isEqualTo(1);
                    assertThat(line.connected()).isTrue();
                });

        order(changes -> changes.closeConnection(client.id));

        assertThat(client.socket.closed).isTrue();
        client.connect();
        assertThat(client.refusal.code()).isEqualTo(ErrorCode.RESUME_EXPIRED);
        assertThat(harness.connected("alice").consume(1, PLAIN).takeTexts()).containsExactly("0", "1", "2");
        assertThatThrownBy(() -> order(changes -> changes.closeConnection(client.id)))
                .hasMessageContaining("there is no connection");
    }

    private void prepare(int branch, String text) {
        client.xaStart(branch, 0);
        client.sendTransacted(QUEUE, text);
        client.xaEnd(branch, TMSUCCESS);
        client.xaPrepare(branch);
    }
}
