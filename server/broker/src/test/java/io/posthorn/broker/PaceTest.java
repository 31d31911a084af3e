package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ServerFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a sender is to be left unread since it is quicker than consumers, who are quick themselves. */
class PaceTest {

    private static final Address QUEUE = Address.queue("q");
    private static final Address OTHER = Address.queue("other");
    private static final String TEXT = "x".repeat(16 << 10);

    /** How many messages of that length fit into memory. */
    private static final int ALL = 256;

    private static final int MOST = ALL * 15 / 16;
    private static final int LOOK_MS = 10;

    /** More than 1 MiB. */
    private static final int QUICK = 70;

    private final BrokerHarness harness = new BrokerHarness(1 << 20, ALL * ((16L << 10) + 160), 64L << 20);
    private final TestClient sender = harness.connected();
    private final TestClient receiver = harness.connected();
    private long credited;

    private void send(Address address, int count) {
        for (int number = 0; number < count; number++) {
            sender.send(address, message(TEXT).persistent(false));
        }
    }

    private void consume(Address address) {
        receiver.attach(1, address);
    }

    private void take(int count) {
        credited += count;
        receiver.credit(1, credited);
        receiver.acknowledge(1, entries(receiver.take()));
    }

    private static long[] entries(List<ServerFrame.Deliver> deliveries) {
        return deliveries.stream().mapToLong(deliver -> deliver.entry()).toArray();
    }

    private void pass(int ms) {
        harness.nowMs += ms;
        harness.turn(() -> {});
    }

    /** Memory is nearly full, consumers have just taken so many messages, and more are sent. */
    private void outrun(int taken) {
        consume(QUEUE);
        send(QUEUE, MOST);
        take(taken);
        pass(LOOK_MS);
        send(QUEUE, taken);
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
        send(QUEUE, MOST);
        pass(LOOK_MS);
        send(QUEUE, ALL);

        assertThat(harness.wasHeld()).isFalse();
    }

    @Test
    void shouldNotHoldWhileThereIsMemory() {
        consume(QUEUE);
        send(QUEUE, MOST);
        take(2 * QUICK);
        pass(LOOK_MS);
        send(QUEUE, QUICK);

        assertThat(harness.wasHeld()).isFalse();
    }

    /** It is not them who fill the memory. */
    @Test
    void shouldNotHoldWhoeverSendsToAShortQueueBesideALongOne() {
        send(OTHER, MOST);
        consume(QUEUE);
        for (int round = 0; round < 5; round++) {
            send(QUEUE, 20);
            take(20);
        }
        pass(LOOK_MS);
        send(QUEUE, 20);

        assertThat(harness.wasHeld()).isFalse();
    }

    /** They are in the log, and memory is given up for nothing. */
    @Test
    void shouldNotHoldWhoeverSendsPersistentMessages() {
        consume(QUEUE);
        send(QUEUE, MOST);
        take(QUICK);
        pass(LOOK_MS);
        for (int number = 0; number < QUICK; number++) {
            sender.send(QUEUE, message(TEXT).persistent(true));
        }

        assertThat(harness.wasHeld()).isFalse();
    }

    @Test
    void shouldGoOnWhenThereIsMemory() {
        outrun(QUICK);
        take(QUICK / 2);
        assertThat(harness.isHeld()).isTrue();
        take(QUICK / 2);

        assertThat(harness.isHeld()).isFalse();
    }

    @Test
    void shouldGoOnWhenTheQueueHasLittle() {
        outrun(QUICK);
        take(MOST - 20);
        send(OTHER, MOST - 20); // so that memory is short all the same
        assertThat(harness.isHeld()).isTrue();
        take(10);

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
        consume(QUEUE);
        send(QUEUE, MOST);
        pass(-3_600_000);
        send(QUEUE, 1);
        assertThat(harness.wasHeld()).as("nobody has taken anything").isFalse();
        take(QUICK);
        pass(LOOK_MS);
        send(QUEUE, QUICK);

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
