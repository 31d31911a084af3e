package io.posthorn.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import org.junit.jupiter.api.Test;

/** A client that does not take what it was sent gets nothing more, however much credit it gave, and others get their share. */
class FullSocketTest {

    private static final Address QUEUE = Address.queue("q");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient slow = harness.connected();
    private final TestClient quick = harness.connected();

    @Test
    void shouldDeliverToOthersWhileASocketIsFullAndGoOnWhenItIsNot() {
        slow.consume(1, QUEUE);
        quick.consume(1, QUEUE);
        slow.socket.full = true;
        for (int number = 0; number < 4; number++) {
            quick.send(QUEUE, "m" + number);
        }
        assertThat(slow.takeTexts()).isEmpty();
        assertThat(quick.takeTexts()).containsExactly("m0", "m1", "m2", "m3");

        quick.detach(1, quick.lastEntries(4));
        quick.send(QUEUE, "m4");
        assertThat(slow.takeTexts()).isEmpty();
        slow.socket.full = false;
        harness.turn(() -> harness.broker.drained(slow.socket.handler));
        assertThat(slow.takeTexts()).containsExactly("m4");
    }

    @Test
    void shouldAnswerADrainOnlyWhenAllWasDelivered() {
        slow.consume(1, QUEUE);
        slow.socket.full = true;
        quick.send(QUEUE, "m");
        slow.drain(1, 7);
        assertThat(slow.isDrained(7)).isFalse();

        slow.socket.full = false;
        harness.turn(() -> harness.broker.drained(slow.socket.handler));
        assertThat(slow.takeTexts()).containsExactly("m");
        assertThat(slow.isDrained(7)).isTrue();
    }
}
