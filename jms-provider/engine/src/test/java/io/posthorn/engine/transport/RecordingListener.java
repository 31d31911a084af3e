package io.posthorn.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.EngineException;
import io.posthorn.wire.frame.ServerFrame;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Keeps what happened, in order, for a test that waits for it. */
final class RecordingListener implements LinkListener {

    static final String BURST_END = "burst end";

    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final Transport transport;
    private final Consumer<ServerFrame> reaction;
    private final AtomicReference<Runnable> onBurstEnd = new AtomicReference<>();

    /** {@code reaction} runs on the event loop for each frame. */
    RecordingListener(Transport transport, Consumer<ServerFrame> reaction) {
        this.transport = transport;
        this.reaction = reaction;
    }

    RecordingListener(Transport transport) {
        this(transport, frame -> {});
    }

    @Override
    public void onOpen(Link link) {
        add(link);
    }

    @Override
    public void onFrame(ServerFrame frame) {
        add(frame);
        reaction.accept(frame);
    }

    @Override
    public void onBurstEnd() {
        add(BURST_END);
        Runnable task = onBurstEnd.getAndSet(null);
        if (task != null) {
            task.run();
        }
    }

    /** Does this at the end of the next burst. */
    void onceOnBurstEnd(Runnable task) {
        onBurstEnd.set(task);
    }

    @Override
    public void onClosed(EngineException cause) {
        add(cause);
    }

    Link awaitOpen() {
        return (Link) await(Link.class);
    }

    /** Passes over ends of bursts. */
    ServerFrame awaitFrame() {
        return (ServerFrame) await(ServerFrame.class);
    }

    /** Passes over all that came before. */
    EngineException awaitEnd() {
        Object event = next();
        while (!(event instanceof EngineException)) {
            event = next();
        }
        assertThat(events).as("events after the end").isEmpty();
        return (EngineException) event;
    }

    /** Passes over ends of bursts. */
    EngineException awaitClosed() {
        EngineException cause = (EngineException) await(EngineException.class);
        assertThat(events).as("events after the end").isEmpty();
        return cause;
    }

    void awaitBurstEnd() {
        assertThat(next()).isEqualTo(BURST_END);
    }

    private Object await(Class<?> type) {
        Object event = next();
        while (event.equals(BURST_END)) {
            event = next();
        }
        assertThat(event).isInstanceOf(type);
        return event;
    }

    private Object next() {
        try {
            Object event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(event).as("what happens next").isNotNull();
            return event;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private void add(Object event) {
        assertThat(transport.inEventLoop()).isTrue();
        events.add(event);
    }
}
