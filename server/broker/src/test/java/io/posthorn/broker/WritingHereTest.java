package io.posthorn.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import org.junit.jupiter.api.Test;

/** A driver that has nothing else to do writes the log at the end of a turn, unless somebody else would wait for that. */
class WritingHereTest {

    private static final Address QUEUE = Address.queue("q");
    private static final Address OTHER = Address.queue("other");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient sender = harness.connected();
    private final TestClient consumer = harness.connected().consume(1, QUEUE);
    private final TestClient others = harness.connected().consume(1, OTHER);

    WritingHereTest() {
        harness.byHand();
    }

    private static boolean isAnswered(TestClient client) {
        return client.isConfirmed(client.lastCommand);
    }

    @Test
    void shouldAnswerInTheSameTurnWhoWaitsForTheLog() {
        harness.writingItself();
        harness.turn(() -> {
            sender.send(QUEUE, "1");
            others.send(QUEUE, "2");
        });
        assertThat(isAnswered(sender)).isTrue();
        assertThat(isAnswered(others)).isTrue();
        assertThat(consumer.textsOf(1)).containsExactly("1", "2");
    }

    @Test
    void shouldNotHoldUpWhoWaitsForSomethingElse() {
        others.send(QUEUE, "waited for once");
        harness.sync();
        harness.writingItself();
        harness.turn(() -> {
            sender.send(QUEUE, "1");
            others.sendUnawaited(OTHER, "not for the log");
        });
        assertThat(others.textsOf(1)).containsExactly("not for the log");
        assertThat(isAnswered(sender)).isFalse();

        harness.sync();
        assertThat(isAnswered(sender)).isTrue();

        harness.turn(() -> {
            sender.send(QUEUE, "2");
            others.sendUnawaited(Address.queue("nobody's"), "nothing comes of it");
        });
        assertThat(isAnswered(sender)).as("with nobody who waits").isTrue();
    }

    @Test
    void shouldAnswerWhoIsServedAndWaitsForTheLogAsWell() {
        harness.writingItself();
        harness.turn(() -> {
            others.sendUnawaited(OTHER, "not for the log");
            others.send(QUEUE, "1");
        });
        assertThat(others.textsOf(1)).containsExactly("not for the log");
        assertThat(isAnswered(others)).isTrue();
    }

    @Test
    void shouldWriteAfterATurnThatSaidOnlyWhatTheLogLetThrough() {
        sender.send(QUEUE, "1");
        harness.writingItself();
        harness.turn(() -> {
            harness.sync();
            assertThat(consumer.textsOf(1)).containsExactly("1");
            sender.send(QUEUE, "2");
        });
        assertThat(isAnswered(sender)).isTrue();
        assertThat(consumer.textsOf(1)).containsExactly("1", "2");
    }
}
