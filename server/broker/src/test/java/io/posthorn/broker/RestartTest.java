package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a restart knows about earlier deliveries, and that nothing is numbered twice. */
class RestartTest {

    private static final Address QUEUE = Address.queue("q");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected();

    @Test
    void shouldFlagAfterACrashWhatMayHaveBeenDelivered() {
        client.send(QUEUE, "seen");
        client.attach(1, QUEUE);
        client.credit(1, 1);
        for (int index = 0; index < 5000; index++) {
            client.send(QUEUE, "later");
        }
        client.send(Address.queue("untouched"), "a");
        harness.crash();

        TestClient later = harness.connected().consume(1, QUEUE).consume(2, Address.queue("untouched"));

        assertThat(later.deliveries.get(0).redelivered()).isTrue();
        assertThat(later.deliveries.get(0).attempts()).isEqualTo(1);
        assertThat(later.deliveries.get(5000).redelivered()).isFalse();
        assertThat(later.last().redelivered()).isFalse();
    }

    @Test
    void shouldFlagNothingWhoseDeliveryMarkWasNotDurable() {
        client.send(QUEUE, "a");
        client.attach(1, QUEUE);
        harness.byHand();
        client.credit(1, 1);
        harness.readOne();
        assertThat(client.deliveries).isEmpty();
        harness.crash();
        harness.automatic();

        assertThat(harness.connected().consume(1, QUEUE).last().redelivered()).isFalse();
    }

    @Test
    void shouldFlagAfterARestartInOrderOnlyWhatSomebodyHeld() {
        for (String text : List.of("acknowledged", "held", "returned", "waiting")) {
            client.send(QUEUE, text);
        }
        client.attach(1, QUEUE);
        client.credit(1, 3);
        client.acknowledge(1, client.deliveries.get(0).entry());
        TestClient second = harness.connected();
        long held = client.deliveries.get(1).entry();
        client.detach(1, held);
        second.attach(1, QUEUE);
        second.credit(1, 1);
        second.detach(1);
        harness.restart();

        List<ServerFrame.Deliver> all = harness.connected().consume(1, QUEUE).take();

        assertThat(all.stream().map(TestClient::text)).containsExactly("held", "returned", "waiting");
        assertThat(all.stream().map(ServerFrame.Deliver::redelivered)).containsExactly(true, false, false);
    }

    @Test
    void shouldFlagNothingAfterARestartInOrderWhenNothingWasHeld() {
        for (int index = 0; index < 10; index++) {
            client.send(QUEUE, "m");
        }
        client.consume(1, QUEUE);
        client.detach(1);
        client.close();
        harness.restart();

        assertThat(harness.connected().consume(1, QUEUE).take())
                .hasSize(10)
                .noneMatch(ServerFrame.Deliver::redelivered);
    }

    @Test
    void shouldStillFlagInTheRunAfterNextWhatACrashLeftSuspect() {
        client.send(QUEUE, "seen");
        client.consume(1, QUEUE);
        harness.crash();
        harness.restartWithoutCheckpoint();
        harness.restart();

        assertThat(harness.connected().consume(1, QUEUE).last().redelivered()).isTrue();
    }

    @Test
    void shouldTakeAnOrderlyEndWithoutACheckpointForACrash() {
        client.send(QUEUE, "held");
        client.consume(1, QUEUE);
        harness.restartWithoutCheckpoint();

        assertThat(harness.connected().consume(1, QUEUE).last().redelivered()).isTrue();
    }

    @Test
    void shouldDeliverWhatWasRecoveredWithoutWaitingForAnythingToBeWritten() {
        client.send(QUEUE, "a");
        client.attach(1, QUEUE);
        client.credit(1, 1);
        harness.crash();
        TestClient later = harness.client().connect();
        harness.byHand();
        later.openSession(1);
        later.attach(1, QUEUE);
        later.credit(1, 1);
        harness.readOne();

        assertThat(later.takeTexts()).containsExactly("a");
    }

    @Test
    void shouldNeverUseANumberOfAnEntryTwice() {
        Set<Long> numbers = new HashSet<>();
        int count = 0;
        for (int run = 0; run < 5; run++) {
            TestClient user = harness.connected().consume(1, QUEUE).consume(2, TestClient.topic("t"));
            for (int index = 0; index < 3; index++) {
                user.send(QUEUE, message("n").persistent(false));
                user.send(Address.topic("t"), message("n").persistent(false));
            }
            for (ServerFrame.Deliver deliver : user.take()) {
                assertThat(numbers.add(deliver.consumer() << 60 | deliver.entry()))
                        .isTrue();
                count++;
            }
            if (run % 2 == 0) {
                harness.crash();
            } else {
                harness.restart();
            }
        }
        assertThat(count).isEqualTo(30);
    }

    @Test
    void shouldNotTakeAnEntryOfAnEarlierRunForOneOfThisRun() {
        client.consume(1, QUEUE);
        client.send(QUEUE, message("volatile").persistent(false));
        long entry = client.last().entry();
        harness.crash();
        TestClient other = harness.connected();
        other.send(QUEUE, "a");
        client.reconnect();
        client.openSession(1);
        client.attach(1, 1, Source.queue(QUEUE, null), TestClient.ranges(entry));

        client.acknowledge(1, false, false, TestClient.ranges(entry));

        other.consume(1, QUEUE);
        assertThat(other.takeTexts()).containsExactly("a");
    }

    @Test
    void shouldSurviveTheEndOfTheProcessWithWhatWasWritten() {
        harness.destinationSettings.put("a", new BrokerSettings.DestinationSettings(false, 10, "dlq"));
        harness.byHand();
        long command = client.send(Address.queue("a"), "a");
        harness.write();
        assertThat(client.isConfirmed(command)).isTrue();

        harness.kill();
        harness.automatic();

        assertThat(harness.connected().consume(1, Address.queue("a")).takeTexts())
                .containsExactly("a");
    }

    @Test
    void shouldStartWithAnEmptyLogAndStopAtOnce() {
        BrokerHarness fresh = new BrokerHarness();
        fresh.restart();
        fresh.restart();

        assertThat(fresh.connected().consume(1, QUEUE).take()).isEmpty();
    }

    @Test
    void shouldStopAgainWithoutHavingDoneAnything() {
        client.send(QUEUE, "a");
        harness.restart();
        harness.restart();
        harness.restart();

        assertThat(harness.connected().consume(1, QUEUE).takeTexts()).containsExactly("a");
    }
}
