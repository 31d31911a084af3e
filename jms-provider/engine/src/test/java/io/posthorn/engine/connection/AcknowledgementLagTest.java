package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.ConnectionOptions;
import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.Source;
import org.junit.jupiter.api.Test;

/** How far an application gets ahead of acknowledgements that a killed process would take with it. */
class AcknowledgementLagTest {

    private static final Address QUEUE = Address.queue("q");

    private final World world = new World(1);
    private EngineSession session;

    /** A consumer with five messages at hand. */
    private EngineConsumer consumer(long lagMs) throws EngineException {
        for (int number = 1; number <= 5; number++) {
            world.server.preload(QUEUE, Messages.persistent("" + number));
        }
        world.options = new ConnectionOptions(
                100, 10_000, 30_000, 5_000, 300_000, -1, 50, 5_000, false, 0, 1 << 20, 1, 300_000, lagMs);
        ResumingConnection connection = world.connect();
        connection.start();
        session = connection.openSession();
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        return consumer;
    }

    private String takeAndAcknowledge(EngineConsumer consumer) {
        Delivery delivery = consumer.poll();
        session.acknowledge(delivery, false);
        return Messages.text(delivery.envelope());
    }

    private int written() {
        return world.transport.link.flushes;
    }

    @Test
    void shouldWriteAnAcknowledgementBeforeTheNextMessageWhenNoLagIsAllowed() throws Exception {
        EngineConsumer consumer = consumer(0);
        takeAndAcknowledge(consumer);
        int before = written();

        assertThat(takeAndAcknowledge(consumer)).isEqualTo("2");
        assertThat(written()).isEqualTo(before + 1);
        assertThat(takeAndAcknowledge(consumer)).isEqualTo("3");
        assertThat(written()).isEqualTo(before + 2);
    }

    @Test
    void shouldGoAheadForAMoment() throws Exception {
        EngineConsumer consumer = consumer(2);
        int before = written();
        takeAndAcknowledge(consumer);
        takeAndAcknowledge(consumer);
        world.transport.pass(1);
        takeAndAcknowledge(consumer);
        assertThat(written()).isEqualTo(before);
        world.transport.pass(1);

        assertThat(takeAndAcknowledge(consumer)).isEqualTo("4");
        assertThat(written()).isGreaterThan(before);
    }

    @Test
    void shouldNotWaitForWhatIsWritten() throws Exception {
        EngineConsumer consumer = consumer(1);
        takeAndAcknowledge(consumer);
        world.pass(10);
        int before = written();
        world.whileWaiting = () -> {
            throw new AssertionError("nobody should wait");
        };

        takeAndAcknowledge(consumer);

        assertThat(written()).isEqualTo(before);
    }

    @Test
    void shouldNotWaitForALinkThatIsGone() throws Exception {
        EngineConsumer consumer = consumer(0);
        takeAndAcknowledge(consumer);
        world.server.listens = false;
        world.transport.link.breakDown();
        world.whileWaiting = () -> {
            throw new AssertionError("nobody should wait");
        };

        assertThat(takeAndAcknowledge(consumer)).isEqualTo("2");
    }
}
