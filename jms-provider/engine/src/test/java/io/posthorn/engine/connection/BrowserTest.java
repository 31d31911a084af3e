package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.model.Messages;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Browsing: everything once, to the end, also across breaks. */
class BrowserTest extends ReadingTest {

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
