package io.posthorn.engine.model;

import io.posthorn.engine.ConnectionOptions;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.ServerUrl;
import io.posthorn.engine.connection.ResumingConnection;
import io.posthorn.engine.waiting.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Everything a connection needs, on one thread and with one clock. A thread that would wait lets the world go on instead:
 * the event loop and the server work, and when there is nothing to do, time passes.
 */
public final class World implements Threads {

    /** How long the server leaves what nobody waits for, when it is {@link ModelServer#beLate late}. */
    private static final long UNTOLD_MS = 2;

    public final FakeTransport transport;
    public final ModelServer server;
    public final List<String> startedThreads = new ArrayList<>();

    private final Random chance = new Random(1);

    /** Run while somebody waits, before the world goes on; may break things. */
    public Runnable whileWaiting = () -> {};

    /** When set, all that happens while somebody waits. */
    public Runnable turn;

    public ConnectionOptions options = ConnectionOptions.defaults();

    /** Options as a URL has them behind its question mark. */
    public static ConnectionOptions options(String text) {
        return ServerUrl.parse("tcp://any?" + text).options();
    }

    public World(int addresses) {
        server = new ModelServer();
        transport = new FakeTransport(server, addresses);
    }

    public ResumingConnection connect() throws EngineException {
        return connect(new ResumingConnection.Login("user", "secret", null));
    }

    public ResumingConnection connect(ResumingConnection.Login login) throws EngineException {
        return ResumingConnection.open(transport, options, this, chance, login);
    }

    /** A connection that has begun to deliver. */
    public ResumingConnection connectStarted() throws EngineException {
        ResumingConnection connection = connect();
        connection.start();
        settle();
        return connection;
    }

    /** Lets the event loop and the server work until neither has anything to do. No time passes. */
    public void settle() {
        do {
            transport.runAll();
        } while (server.work());
    }

    /** Lets time pass, and what is due happen. */
    public void pass(long ms) {
        long untilNs = transport.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        settle();
        while (transport.nextTimerNs() <= untilNs) {
            transport.advanceTo(transport.nextTimerNs());
            settle();
        }
        transport.advanceTo(untilNs);
        settle();
        if (server.tellUntold()) {
            settle();
        }
    }

    @Override
    public void park(long timeoutNs) {
        if (transport.inEventLoop()) {
            throw new AssertionError("the event loop waits");
        }
        if (turn != null) {
            turn.run();
            return;
        }
        whileWaiting.run();
        long untilNs = transport.nanoTime() + timeoutNs;
        if (transport.runAll() | server.work()) {
            return;
        }
        if (server.tellUntold()) {
            transport.pass(UNTOLD_MS);
            return;
        }
        transport.advanceTo(Math.min(transport.nextTimerNs(), untilNs));
    }

    @Override
    public void unpark(Thread thread) {}

    @Override
    public void start(String name, Runnable task) {
        startedThreads.add(name);
        task.run();
    }
}
