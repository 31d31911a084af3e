package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a sender is to be left unread since it is quicker than consumers, who are quick themselves. */
class PaceTest {

    private static final Address QUEUE = Address.queue("q");
    private static final Address OTHER = Address.queue("other");
    private static final String TEXT = "x".repeat(16 << 10);

    private static final int LOOK_MS = 10;

    /** Who takes so many in a look is quick. */
    private static final int QUICK = 40;

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient sender = harness.connected();
    private final TestClient receiver = harness.connected();
    private long credited;

    private void send(Address address, int count) {
        for (int number = 0; number < count; number++) {
            sender.send(address, message(TEXT).persistent(false));
        }
    }

    private void sendLong(int count) {
        for (int number = 0; number < count; number++) {
            sender.send(QUEUE, message("x".repeat(600 << 10)).persistent(false));
        }
    }

    private void consume(Address address) {
        receiver.attach(1, address);
    }

    private void credit(int count) {
        credited += count;
        receiver.credit(1, credited);
    }

    private void take(int count) {
        credit(count);
        receiver.acknowledge(1, entries(receiver.take()));
    }

    private static long[] entries(List<ServerFrame.Deliver> deliveries) {
        return deliveries.stream().mapToLong(deliver -> deliver.entry()).toArray();
    }

    private void pass(int ms) {
        harness.nowMs += ms;
        harness.turn(() -> {});
    }

    /** Three times as many wait as consumers take in a look, who have just taken so many, and more come. */
    private void outrun(int taken) {
        consume(QUEUE);
        send(QUEUE, 4 * taken);
        take(taken);
        pass(LOOK_MS);
        send(QUEUE, 2);
    }

    @Test
    void shouldHoldWhoeverOutrunsQuickConsumers() {
        outrun(QUICK);

        assertThat(harness.isHeld()).isTrue();
    }

    @Test
    void shouldNotHoldWhereConsumersAreSlow() {
        outrun(QUICK - 10);

        assertThat(harness.wasHeld()).isFalse();
    }

    @Test
    void shouldNotHoldWhereNobodyConsumes() {
        send(QUEUE, 4 * QUICK);
        pass(LOOK_MS);
        send(QUEUE, 4 * QUICK);

        assertThat(harness.wasHeld()).isFalse();
    }

    @Test
    void shouldNotHoldWhileLittleWaits() {
        consume(QUEUE);
        send(QUEUE, 4 * QUICK - 1);
        take(QUICK);
        pass(LOOK_MS);
        send(QUEUE, 1);

        assertThat(harness.wasHeld()).isFalse();
    }

    /** One of them in a look is quick, and three are on their way anyhow. */
    @Test
    void shouldNotHoldForFewLongMessages() {
        consume(QUEUE);
        sendLong(20);
        take(1);
        pass(LOOK_MS);
        sendLong(1);
        assertThat(harness.wasHeld()).isFalse();

        sendLong(5);
        assertThat(harness.isHeld()).isTrue();
    }

    /** They have it, and are at work on it. */
    @Test
    void shouldNotCountWhatConsumersHave() {
        consume(QUEUE);
        send(QUEUE, 5 * QUICK);
        take(QUICK);
        credit(4 * QUICK);
        pass(LOOK_MS);
        send(QUEUE, 2 * QUICK);

        assertThat(harness.wasHeld()).isFalse();
    }

    /** It may lie there for ever, and those who take the rest are not behind. */
    @Test
    void shouldNotCountWhatNobodyWants() {
        receiver.attach(1, 1, Source.queue(QUEUE, "kind = 1"));
        send(QUEUE, 10 * QUICK);
        for (int look = 0; look < 4; look++) {
            credit(QUICK);
            for (int number = 0; number < QUICK; number++) {
                sender.send(QUEUE, message(TEXT).persistent(false).property("kind", 1));
            }
            receiver.acknowledge(1, entries(receiver.take()));
            send(QUEUE, 5);
            pass(LOOK_MS);
        }
        send(QUEUE, 1);

        assertThat(harness.wasHeld()).isFalse();
    }

    /** It is not them who make the queue long. */
    @Test
    void shouldNotHoldWhoeverSendsLessThanIsTaken() {
        consume(QUEUE);
        send(QUEUE, 10 * QUICK);
        pass(LOOK_MS);
        send(QUEUE, 1);
        for (int look = 0; look < 4; look++) {
            take(QUICK);
            send(QUEUE, QUICK - 5);
            pass(LOOK_MS);
            send(QUEUE, 1);
        }

        assertThat(harness.wasHeld()).isFalse();
    }

    @Test
    void shouldNotHoldWhoeverSendsToAShortQueueBesideALongOne() {
        send(OTHER, 10 * QUICK);
        consume(QUEUE);
        send(QUEUE, QUICK);
        take(QUICK);
        pass(LOOK_MS);
        send(QUEUE, QUICK);

        assertThat(harness.wasHeld()).isFalse();
    }

    /** They are in the log, and memory is given up for nothing. */
    @Test
    void shouldNotHoldWhoeverSendsPersistentMessages() {
        consume(QUEUE);
        send(QUEUE, 4 * QUICK);
        take(QUICK);
        pass(LOOK_MS);
        for (int number = 0; number < QUICK; number++) {
            sender.send(QUEUE, message(TEXT).persistent(true));
        }

        assertThat(harness.wasHeld()).isFalse();
    }

    @Test
    void shouldGoOnWhenLittleWaits() {
        outrun(QUICK);
        take(2 * QUICK + 2);
        assertThat(harness.isHeld()).isTrue();
        take(1);

        assertThat(harness.isHeld()).isFalse();
    }

    @Test
    void shouldGoOnWhenConsumersAreSlow() {
        outrun(QUICK);
        pass(LOOK_MS - 1);
        assertThat(harness.isHeld()).isTrue();
        pass(1);

        assertThat(harness.isHeld()).isFalse();
    }

    @Test
    void shouldGoOnWhenTheClockIsSetBack() {
        outrun(QUICK);
        pass(-3_600_000);

        assertThat(harness.isHeld()).isFalse();
    }

    @Test
    void shouldSeeWhoIsQuickAfterTheClockWasSetBack() {
        pass(3_600_000); // so that messages are not due later afterwards
        consume(QUEUE);
        send(QUEUE, 4 * QUICK);
        pass(-3_600_000);
        send(QUEUE, 1);
        assertThat(harness.wasHeld()).as("nobody has taken anything").isFalse();
        take(QUICK);
        send(QUEUE, 2 * QUICK);
        pass(LOOK_MS);
        send(QUEUE, 1);

        assertThat(harness.isHeld()).isTrue();
    }

    /** Whoever is not listened to may have something else to say. */
    @Test
    void shouldGoOnAfterHalfASecond() {
        outrun(QUICK);
        for (int ms = 0; ms < 500; ms += LOOK_MS) {
            assertThat(harness.isHeld()).as("after %d ms", ms).isTrue();
            take(QUICK);
            TestClient another = harness.connected();
            for (int number = 0; number < QUICK; number++) {
                another.send(QUEUE, message(TEXT).persistent(false));
            }
            pass(LOOK_MS);
        }
        pass(1);

        assertThat(harness.isHeld()).isFalse();
    }
}
