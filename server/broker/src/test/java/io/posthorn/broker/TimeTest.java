package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expiry, delays, and when the broker wants to be called. */
class TimeTest {

    private static final Address QUEUE = Address.queue("q");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected();

    @Test
    void shouldNotDeliverWhatHasExpired() {
        client.send(QUEUE, message("old").expiration(harness.nowMs + 100));
        client.send(QUEUE, message("old too").persistent(false).expiration(harness.nowMs + 100));
        client.send(QUEUE, "good");
        harness.nowMs += 100;

        client.consume(1, QUEUE);

        assertThat(client.takeTexts()).containsExactly("good");
    }

    @Test
    void shouldTakeAwayWhatHasExpiredWithoutAConsumer() {
        client.send(QUEUE, message("p").expiration(harness.nowMs + 100));
        client.send(QUEUE, message("n").persistent(false).expiration(harness.nowMs + 100));
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(harness.nowMs + 100);

        harness.sleep(100);

        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
        harness.nowMs -= 100;
        client.consume(1, QUEUE);
        assertThat(client.take()).isEmpty();
    }

    @Test
    void shouldNotBringBackOverACrashWhatASweepTookAway() {
        client.send(QUEUE, message("p").expiration(harness.nowMs + 100));
        harness.sleep(100);
        harness.nowMs -= 100;

        harness.crash();

        assertThat(harness.connected().consume(1, QUEUE).take()).isEmpty();
    }

    @Test
    void shouldLookForExpiredMessagesAtMostOnceASecond() {
        for (int index = 0; index < 100; index++) {
            client.send(QUEUE, message("m").persistent(false).expiration(harness.nowMs + 10));
            harness.sleep(1);
        }
        int calls = 0;
        while (harness.broker.nextDeadlineMs() != Long.MAX_VALUE) {
            assertThat(harness.broker.nextDeadlineMs()).isGreaterThan(harness.nowMs);
            harness.sleep(harness.broker.nextDeadlineMs() - harness.nowMs);
            calls++;
        }

        assertThat(calls).isLessThan(3);
    }

    @Test
    void shouldLeaveWithItsConsumerWhatExpiresInItsHands() {
        client.consume(1, QUEUE);
        client.send(QUEUE, message("p").expiration(harness.nowMs + 100));
        harness.sleep(5000);
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);

        long command = client.acknowledge(1, client.last().entry());
        assertThat(client.failure(command)).isNull();
    }

    @Test
    void shouldNotDeliverAgainWhatExpiredInTheHandsOfAConsumer() {
        client.consume(1, QUEUE);
        client.send(QUEUE, message("p").expiration(harness.nowMs + 100));
        client.take();
        harness.sleep(5000);

        client.release(1, client.last().entry());
        client.credit(1, 10);
        assertThat(client.take()).isEmpty();
        assertThat(harness.broker.nextDeadlineMs()).isGreaterThan(harness.nowMs);

        harness.sleep(2000);
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldDeliverADelayedMessageWhenItsTimeHasCome() {
        client.consume(1, QUEUE);
        client.send(QUEUE, message("late").deliveryTime(harness.nowMs + 500));
        client.send(QUEUE, "now");
        assertThat(client.takeTexts()).containsExactly("now");
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(harness.nowMs + 500);

        harness.sleep(499);
        assertThat(client.take()).isEmpty();
        harness.sleep(1);

        assertThat(client.takeTexts()).containsExactly("late");
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldDeliverDelayedMessagesInTheOrderOfTheirTimes() {
        client.consume(1, QUEUE);
        for (int delay : new int[] {300, 100, 200, 100}) {
            client.send(QUEUE, message(delay + "-" + client.lastCommand).deliveryTime(harness.nowMs + delay));
        }
        List<String> expected = List.of("100", "100", "200", "300");
        for (int step = 0; step < 300; step++) {
            harness.sleep(1);
        }

        assertThat(client.takeTexts().stream().map(text -> text.substring(0, 3)).toList())
                .isEqualTo(expected);
    }

    @Test
    void shouldKeepADelayOverACrashAndOverARestart() {
        client.send(QUEUE, message("late").deliveryTime(harness.nowMs + 500));
        harness.crash();
        TestClient second = harness.connected().consume(1, QUEUE);
        assertThat(second.take()).isEmpty();
        harness.restart();
        TestClient third = harness.connected().consume(1, QUEUE);
        assertThat(third.take()).isEmpty();
        assertThat(harness.broker.nextDeadlineMs()).isLessThanOrEqualTo(harness.nowMs + 500);

        harness.sleep(500);

        assertThat(third.takeTexts()).containsExactly("late");
    }

    @Test
    void shouldWakeConsumersWithSelectorsForDelayedMessages() {
        client.consume(1, Source.queue(QUEUE, "n = 1"));
        client.send(QUEUE, message("late").property("n", 1).deliveryTime(harness.nowMs + 500));
        client.send(QUEUE, message("now").property("n", 1));

        harness.sleep(500);

        assertThat(client.takeTexts()).containsExactly("now", "late");
    }

    @Test
    void shouldTakeAwayWhatExpiresBeforeItsDelayIsOver() {
        client.consume(1, QUEUE);
        client.send(QUEUE, message("never").deliveryTime(harness.nowMs + 5000).expiration(harness.nowMs + 1000));

        harness.sleep(1000);
        harness.sleep(5000);

        assertThat(client.take()).isEmpty();
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldAskForNothingWhenNothingIsDue() {
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
        client.consume(1, QUEUE);
        client.send(QUEUE, "a");
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldNotGatherDeadlinesOfShortDelaysBeforeALongOne() {
        client.consume(1, QUEUE);
        client.send(QUEUE, message("far").deliveryTime(harness.nowMs + 1_000_000));
        for (int index = 0; index < 50; index++) {
            client.send(QUEUE, message("near").deliveryTime(harness.nowMs + 5));
            harness.sleep(5);
            assertThat(harness.broker.nextDeadlineMs()).isEqualTo(BrokerHarness.START_MS + 1_000_000);
        }

        assertThat(client.take()).hasSize(50);
    }

    @Test
    void shouldForgetTheDeadlinesOfATemporaryQueueThatIsDeleted() {
        Address temporary = new Address(Address.Kind.TEMPORARY_QUEUE, "t");
        client.createTemporary(temporary);
        client.send(temporary, message("far").deliveryTime(harness.nowMs + 1_000_000));

        client.deleteTemporary(temporary);

        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldServeManyQueuesWithDeadlinesInTheirOrder() {
        for (int index = 0; index < 500; index++) {
            Address queue = Address.queue("q" + index);
            client.send(queue, message("late").deliveryTime(harness.nowMs + 1 + (index * 7919L) % 500));
        }
        client.consume(1, Address.queue("q3"));
        for (int step = 0; step < 500; step++) {
            assertThat(harness.broker.nextDeadlineMs()).isEqualTo(harness.nowMs + 1);
            harness.sleep(1);
        }

        assertThat(client.take()).hasSize(1);
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
    }
}
