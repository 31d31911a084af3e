package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.StoreReport.QueueLine;
import io.posthorn.wire.frame.Address;
import org.junit.jupiter.api.Test;

/** What the broker says of its queues when it is asked. */
class ReportTest {

    private static final Address QUEUE = Address.queue("q");

    /** Blocks of 4 entries, and no room for them in memory. */
    private final BrokerHarness harness = new BrokerHarness(1 << 20, 0, 8192, 0, 4, 1L << 40);

    private final TestClient client = harness.connected();

    @Test
    void shouldTellBytesAndAgeOfWhatWaitsAlsoFromPagesAndAfterRestarts() {
        long each = message("m00").timestamp(1).build().length();
        for (int number = 0; number < 50; number++) {
            client.send(QUEUE, message("m" + (10 + number)).timestamp(harness.nowMs + 1000L * number));
        }
        assertThat(line("q").bytes()).isEqualTo(50 * each);
        assertThat(line("q").oldestMs()).isEqualTo(BrokerHarness.START_MS);
        assertThat(line("q").blocksInMemory()).isLessThan(line("q").blocks());

        client.consume(1, QUEUE);
        for (int number = 0; number < 10; number++) {
            client.acknowledge(1, client.deliveries.get(number).entry());
        }
        client.closeSession(1);
        assertThat(line("q").bytes()).isEqualTo(40 * each);
        assertThat(line("q").oldestMs()).isEqualTo(BrokerHarness.START_MS + 10_000);

        harness.restart();
        assertThat(line("q").bytes()).isEqualTo(40 * each);
        assertThat(line("q").oldestMs()).isEqualTo(BrokerHarness.START_MS + 10_000);
        harness.crash();
        assertThat(line("q").bytes()).isEqualTo(40 * each);
        assertThat(line("q").depth()).isEqualTo(40);
        assertThat(line("q").oldestMs()).isEqualTo(BrokerHarness.START_MS + 10_000);

        TestClient later = harness.connected().consume(1, QUEUE);
        later.acknowledge(1, later.lastEntries(40));
        assertThat(line("q").bytes()).isZero();
        assertThat(line("q").oldestMs()).isZero();
    }

    @Test
    void shouldTellWhatIsInFlightAndWhatWaitsForItsTime() {
        client.send(QUEUE, "a");
        client.send(QUEUE, "b");
        client.send(QUEUE, message("volatile").persistent(false));
        client.send(QUEUE, message("later").deliveryTime(harness.nowMs + 5000));
        client.attach(1, QUEUE);
        client.credit(1, 2);

        assertThat(line("q").inFlight()).isEqualTo(2);
        assertThat(line("q").ready()).isEqualTo(1);
        assertThat(line("q").delayed()).isEqualTo(1);

        client.release(1);
        assertThat(line("q").inFlight()).isZero();
    }

    @Test
    void shouldCountTheAgeOfAMessageWithoutTimeFromItsArrival() {
        harness.nowMs += 7000;
        client.send(QUEUE, message("timeless").timestamp(0));

        assertThat(line("q").oldestMs()).isEqualTo(BrokerHarness.START_MS + 7000);
    }

    @Test
    void shouldCountWhatExpiresAndWhatGoesToTheDeadLetters() {
        harness.destinationSettings.put("q", new DestinationSettings(true, 1, "dead"));
        client.send(QUEUE, message("short").expiration(harness.nowMs + 100));
        client.send(QUEUE, "poison");
        harness.sleep(2000);
        client.consume(1, QUEUE);
        client.release(1, client.last().entry());

        assertThat(line("q").counts().expired()).isEqualTo(1);
        assertThat(line("q").counts().deadLettered()).isEqualTo(1);
        assertThat(line("q").depth()).isZero();
        assertThat(line("dead").depth()).isEqualTo(1);
    }

    private QueueLine line(String name) {
        return harness.broker.report().queues().stream()
                .filter(queue -> queue.label().equals("queue '" + name + "'"))
                .findFirst()
                .orElseThrow();
    }
}
