package io.posthorn.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What nobody waits for is confirmed along with something else, or a moment later. */
class LateConfirmationTest {

    private static final Address QUEUE = Address.queue("q");
    private static final Address OTHER = Address.queue("other");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected();

    /** Names what came since {@link #mark}. */
    private List<String> frames() {
        return client.received.stream()
                .map(frame -> frame.getClass().getSimpleName())
                .toList();
    }

    private void mark() {
        client.received.clear();
    }

    @Test
    void shouldConfirmAtOnceWhatSomebodyWaitsForAndAllBeforeIt() {
        long first = client.sendUnawaited(QUEUE, "1");
        assertThat(client.isConfirmed(first)).isFalse();

        long second = client.send(QUEUE, "2");

        assertThat(client.isConfirmed(second)).isTrue();
    }

    @Test
    void shouldConfirmOnceWhenALittleTimeHasPassed() {
        mark();
        client.sendUnawaited(QUEUE, "1");
        harness.sleep(1);
        long last = client.sendUnawaited(QUEUE, "2");
        assertThat(frames()).isEmpty();
        long deadlineMs = harness.broker.nextDeadlineMs();
        assertThat(deadlineMs).isBetween(harness.nowMs + 1, harness.nowMs + 2);

        harness.sleep(deadlineMs - harness.nowMs);

        assertThat(frames()).containsExactly("Confirmed");
        assertThat(client.isConfirmed(last)).isTrue();
        assertThat(harness.broker.nextDeadlineMs())
                .as("no timer for who is idle")
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldNotLookForLongerThanItTakesWhenAClientGoesOn() {
        for (int round = 0; round < 20; round++) {
            long sent = client.sendUnawaited(QUEUE, "m");
            harness.sleep(1);
            harness.sleep(1);
            harness.sleep(1);
            assertThat(client.isConfirmed(sent)).as("after 3 ms").isTrue();
        }
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldConfirmWhatWasLeftAheadOfADelivery() {
        client.consume(1, OTHER);
        mark();
        long request = client.sendUnawaited(QUEUE, "request");
        TestClient another = harness.connected();
        another.sendUnawaited(OTHER, "reply");

        assertThat(frames()).containsExactly("Confirmed", "Deliver");
        assertThat(client.isConfirmed(request)).isTrue();
        harness.sleep(10);
        assertThat(frames()).containsExactly("Confirmed", "Deliver");
    }

    @Test
    void shouldConfirmWithADeliveryInTheSameTurn() {
        client.consume(1, QUEUE);
        mark();
        long sent = client.sendUnawaited(QUEUE, "to itself");

        assertThat(frames()).containsExactly("Deliver", "Confirmed");
        assertThat(client.isConfirmed(sent)).isTrue();
    }

    @Test
    void shouldLeaveAcknowledgementsThatAreNotForced() {
        client.consume(1, QUEUE);
        client.sendUnawaited(QUEUE, "1");
        client.sendUnawaited(QUEUE, "2");
        long[] entries = client.lastEntries(2);
        long left = client.acknowledge(1, false, false, EntryRanges.of(entries[0]));
        assertThat(client.isConfirmed(left)).isFalse();

        long forced = client.acknowledge(1, false, true, EntryRanges.of(entries[1]));

        assertThat(client.isConfirmed(forced)).isTrue();
    }

    @Test
    void shouldConfirmWhenThirtyTwoHaveGathered() {
        mark();
        for (int number = 1; number <= 31; number++) {
            client.sendUnawaited(QUEUE, "" + number);
        }
        assertThat(frames()).isEmpty();

        long last = client.sendUnawaited(QUEUE, "32");

        assertThat(frames()).containsExactly("Confirmed");
        assertThat(client.isConfirmed(last)).isTrue();
    }

    @Test
    void shouldConfirmWhenManyBytesHaveGathered() {
        String half = "x".repeat(33 << 10);
        mark();
        client.sendUnawaited(QUEUE, half);
        assertThat(frames()).isEmpty();

        long second = client.sendUnawaited(QUEUE, half);

        assertThat(frames()).containsExactly("Confirmed");
        assertThat(client.isConfirmed(second)).isTrue();
    }

    @Test
    void shouldTellAFailureAtOnce() {
        long before = client.sendUnawaited(QUEUE, "before");
        client.permissions = (verb, address) -> !address.equals(OTHER);
        client.reconnect();
        client.openSession(1);
        long refused = client.sendUnawaited(OTHER, "refused");

        assertThat(client.isConfirmed(before)).isTrue();
        assertThat(client.failure(refused)).isEqualTo(ErrorCode.SECURITY);
        assertThat(client.isConfirmed(refused)).isTrue();
    }

    @Test
    void shouldWaitForTheLogWithWhatIsDurable() {
        harness.byHand();
        long sent = client.sendUnawaited(QUEUE, TestClient.message("persistent"));
        harness.sleep(10);
        assertThat(client.isConfirmed(sent)).isFalse();
        harness.sync();
        assertThat(client.isConfirmed(sent)).isFalse();

        harness.sleep(3);

        assertThat(client.isConfirmed(sent)).isTrue();
    }

    @Test
    void shouldConfirmAtOnceBehindTheLogWhenSomebodyWaits() {
        harness.byHand();
        client.sendUnawaited(QUEUE, TestClient.message("persistent"));
        long awaited = client.send(QUEUE, "awaited");

        harness.sync();

        assertThat(client.isConfirmed(awaited)).isTrue();
    }

    @Test
    void shouldConfirmWhatWasLeftBehindTheGreetingOfAnotherSocket() {
        long left = client.sendUnawaited(QUEUE, "1");
        client.disconnect();
        harness.sleep(10);
        mark();

        client.reconnect();

        assertThat(frames()).containsExactly("Connected", "Confirmed");
        assertThat(client.isConfirmed(left)).isTrue();
    }

    @Test
    void shouldKeepNoTimerForWhoIsGone() {
        client.sendUnawaited(QUEUE, "1");
        client.close();
        harness.sleep(3);

        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldNotMakeClientsWaitForEachOther() {
        TestClient another = harness.connected();
        long first = client.sendUnawaited(QUEUE, "1");
        harness.sleep(1);
        long second = another.sendUnawaited(QUEUE, "2");

        harness.sleep(1);
        assertThat(client.isConfirmed(first)).isTrue();
        harness.sleep(2);
        assertThat(another.isConfirmed(second)).isTrue();
    }
}
