package io.posthorn.jms.fake;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A consumer of the fake; it has no buffer and takes from the queue itself. */
final class FakeConsumer implements EngineConsumer {

    private final FakeSession session;
    private final FakeServer server;
    private final Source source;
    private final FakeQueue queue;
    private final Selector selector;
    private final Deque<FakeEntry> look = new ArrayDeque<>();
    private Runnable signal;
    private Consumer<EngineException> closedListener;
    private boolean closed;

    FakeConsumer(FakeSession session, Source source, FakeQueue queue) throws EngineException {
        this.session = session;
        this.server = session.server();
        this.source = source;
        this.queue = queue;
        selector = source.selector() == null ? null : FakeServer.parse(source.selector());
        if (isBrowser()) {
            look.addAll(queue.snapshot());
        } else {
            queue.attach(this);
        }
    }

    Source source() {
        return source;
    }

    private boolean isBrowser() {
        return source.mode() == Source.Mode.BROWSE;
    }

    @Override
    public EngineSession session() {
        return session;
    }

    @Override
    public Delivery receive(long timeoutNs) throws EngineException, InterruptedException {
        synchronized (server) {
            long deadlineNs = timeoutNs == FOREVER ? 0 : System.nanoTime() + timeoutNs;
            server.onWaiting(1);
            try {
                Delivery delivery = poll();
                while (delivery == null && !closed && !exhausted()) {
                    session.connection().checkUsable();
                    long remainingNs = timeoutNs == FOREVER ? 0 : deadlineNs - System.nanoTime();
                    if (timeoutNs != FOREVER && remainingNs <= 0) {
                        return null;
                    }
                    TimeUnit.NANOSECONDS.timedWait(server, remainingNs == 0 ? FOREVER : remainingNs);
                    delivery = poll();
                }
                return delivery;
            } finally {
                server.onWaiting(-1);
            }
        }
    }

    @Override
    public boolean awaitAvailable(long timeoutNs) throws EngineException, InterruptedException {
        synchronized (server) {
            long deadlineNs = System.nanoTime() + timeoutNs;
            while (!closed && !(session.connection().isDelivering() && queue.hasFor(selector))) {
                session.connection().checkUsable();
                long remainingNs = deadlineNs - System.nanoTime();
                if (remainingNs <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(server, remainingNs);
            }
            return !closed;
        }
    }

    /** Nothing was fetched ahead. */
    @Override
    public void giveBack() {}

    @Override
    public Delivery poll() {
        Delivery delivery = take();
        if (delivery != null) {
            server.onPolled();
        }
        return delivery;
    }

    private Delivery take() {
        synchronized (server) {
            if (closed || !session.connection().isDelivering()) {
                return null;
            }
            FakeEntry entry = isBrowser() ? nextOfLook() : queue.take(selector);
            if (entry == null) {
                return null;
            }
            if (!isBrowser()) {
                session.onHanded(queue, entry);
            }
            return new Delivery(this, entry.number, entry.attempts, entry.redelivered, entry.envelope);
        }
    }

    private FakeEntry nextOfLook() {
        FakeEntry entry = look.poll();
        while (entry != null && selector != null && !selector.matches(Envelope.of(entry.envelope))) {
            entry = look.poll();
        }
        return entry;
    }

    @Override
    public void onAvailable(Runnable next) {
        synchronized (server) {
            signal = next;
            signal();
        }
    }

    void signal() {
        if (signal != null && !closed && session.connection().isDelivering() && queue.hasFor(selector)) {
            signal.run();
        }
    }

    @Override
    public boolean exhausted() {
        synchronized (server) {
            return isBrowser() && look.isEmpty();
        }
    }

    @Override
    public void onClosedByServer(Consumer<EngineException> listener) {
        synchronized (server) {
            closedListener = listener;
        }
    }

    void closeByServer() {
        closedListener.accept(new EngineException(ErrorCode.INVALID_DESTINATION, "the destination was deleted"));
        close();
    }

    @Override
    public void close() {
        synchronized (server) {
            if (!closed) {
                closed = true;
                queue.detach(this);
                session.onConsumerClosed(this);
                server.notifyAll();
            }
        }
    }
}
