package io.posthorn.engine.connection;

import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.Source;
import java.util.concurrent.TimeUnit;

/** A world with one queue, and the connection and session of whoever reads from it. */
abstract class ReadingTest {

    static final Address QUEUE = Address.queue("orders");
    static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    final World world = new World(1);
    ResumingConnection connection;
    EngineSession session;

    /** Connects, and opens a session with a consumer. */
    final EngineConsumer consumer(int prefetch) throws EngineException {
        world.options = World.options("prefetch=" + prefetch);
        connection = world.connect();
        session = connection.openSession();
        return session.attach(Source.queue(QUEUE, null));
    }

    /** Puts {@code m0} and so on into the queue. */
    final void preload(int count) {
        for (int number = 0; number < count; number++) {
            world.server.preload(QUEUE, Messages.persistent("m" + number));
        }
    }
}
