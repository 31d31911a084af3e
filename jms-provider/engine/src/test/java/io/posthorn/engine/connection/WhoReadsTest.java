package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.model.Messages;
import io.posthorn.wire.frame.Source;
import org.junit.jupiter.api.Test;

/** When a thread that waits for the connection may read its socket, and what it says of itself. */
class WhoReadsTest extends ReadingTest {

    private boolean alone() {
        return world.transport.reading.alone;
    }

    @Test
    void shouldHaveWhoeverWaitsReadUnlessListenersOfSeveralSessionsAreConcerned() throws Exception {
        EngineConsumer consumer = consumer(1000);
        assertThat(alone()).as("one session").isTrue();
        consumer.onAvailable(() -> {});
        assertThat(alone()).as("one session, with a listener").isTrue();
        EngineSession other = connection.openSession();
        assertThat(alone()).as("two sessions, one with a listener").isFalse();

        consumer.onAvailable(null);
        assertThat(alone()).as("two sessions without a listener").isTrue();
        consumer.onAvailable(() -> {});
        consumer.onAvailable(() -> {});
        assertThat(alone()).as("a listener in place of another").isFalse();
        consumer.close();
        assertThat(alone()).as("the listener is gone").isTrue();

        other.attach(Source.queue(QUEUE, null)).onAvailable(() -> {});
        assertThat(alone()).isFalse();
        session.close();
        world.settle();
        assertThat(alone()).as("one session, with a listener").isTrue();
    }

    @Test
    void shouldSayWhenAThreadDoesNotWaitForItsConfirmationAnyMore() throws Exception {
        consumer(1000);
        session.send(QUEUE, Messages.persistent("1"), false, true).await();

        assertThat(world.transport.reading.waits).isFalse();
    }

    @Test
    void shouldSayWhenAThreadDoesNotWaitForAMessageAnyMore() throws Exception {
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.transport.schedule(() -> preload(1), 500);
        assertThat(consumer.receive(EngineConsumer.FOREVER)).isNotNull();
        assertThat(world.transport.reading.waits).isFalse();

        assertThat(consumer.receive(SECOND_NS)).isNull();
        assertThat(world.transport.reading.waits).isFalse();
    }
}
