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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Browsing: everything once, to the end, also across breaks. */
class BrowserTest {

    private static final Address QUEUE = Address.queue("orders");
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final World world = new World(1);
    private ResumingConnection connection;
    private EngineSession session;

    private EngineConsumer consumer(int prefetch) throws EngineException {
        ConnectionOptions all = ConnectionOptions.defaults();
        world.options = new ConnectionOptions(
                prefetch,
                10_000,
                30_000,
                5_000,
                300_000,
                -1,
                50,
                5_000,
                false,
                10_000,
                all.windowBytes(),
                1,
                300_000,
                1);
        connection = world.connect();
        session = connection.openSession();
        return session.attach(Source.queue(QUEUE, null));
    }

    private void preload(int count) {
        for (int number = 0; number < count; number++) {
            world.server.preload(QUEUE, Messages.persistent("m" + number));
        }
    }

    @Test
    void shouldBrowseToTheEnd() throws Exception {
        preload(40);
        consumer(1000);
        EngineConsumer browser = session.attach(Source.browse(QUEUE, null));
        connection.start();
        List<String> seen = new ArrayList<>();
        for (Delivery delivery; (delivery = browser.receive(0)) != null; ) {
            seen.add(Messages.text(delivery.envelope()));
        }

        assertThat(seen).hasSize(40).doesNotHaveDuplicates();
        assertThat(browser.exhausted()).isTrue();
        assertThat(browser.receive(0)).isNull();
        session.acknowledgeAll(true).await();
        assertThat(world.server.contents(QUEUE)).hasSize(40);
    }

    @Test
    void shouldNotWaitAtTheEndOfBrowsing() throws Exception {
        consumer(1000);
        EngineConsumer browser = session.attach(Source.browse(QUEUE, null));
        connection.start();
        long beforeMs = world.transport.nowMs();

        assertThat(browser.receive(10 * SECOND_NS)).isNull();

        assertThat(world.transport.nowMs()).isEqualTo(beforeMs);
    }

    @Test
    void shouldShowNothingTwiceWhenABrowserRidesThroughABreak() throws Exception {
        preload(40);
        consumer(1000);
        EngineConsumer browser = session.attach(Source.browse(QUEUE, null));
        connection.start();
        List<String> seen = new ArrayList<>();
        for (Delivery delivery; (delivery = browser.receive(0)) != null; ) {
            seen.add(Messages.text(delivery.envelope()));
            if (seen.size() == 5) {
                world.transport.link.breakDown();
            } else if (seen.size() == 11) {
                world.transport.link.breakDown();
                world.server.crash();
            }
        }

        assertThat(seen).hasSize(40).doesNotHaveDuplicates();
    }
}
