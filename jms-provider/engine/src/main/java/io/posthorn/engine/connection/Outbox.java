package io.posthorn.engine.connection;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.command.Command;
import io.posthorn.engine.transport.Transport;
import io.posthorn.wire.frame.ClientFrame;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * What application threads want sent, in order. Putting in and waking are apart, so that things can be put in under a
 * session's lock and the event loop be woken after it; it is woken once for all that has gathered. Any thread puts in;
 * only the event loop takes out, until the end, when whoever comes fails what is left.
 */
final class Outbox {

    private static final int CHUNK = 256;

    private final MpscUnboundedAtomicArrayQueue<Object> queue = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Transport transport;
    private final Runnable drain;
    private volatile EngineException end;

    /** {@code drain} takes out what is there; it begins with {@link #awake}. */
    Outbox(Transport transport, Runnable drain) {
        this.transport = transport;
        this.drain = drain;
    }

    void add(Command command) {
        queue.add(command);
    }

    /** Puts in a frame without a number; it is made when its turn comes, and is null when it is of no use any more. */
    void ask(Supplier<ClientFrame> question) {
        queue.add(question);
    }

    /** Has the event loop come for what is there, unless it is on its way. */
    void wake() {
        if (end != null) {
            failRest();
        } else if (!woken.get() && !queue.isEmpty() && woken.compareAndSet(false, true)) {
            transport.execute(drain);
        }
    }

    /** The event loop is here: what is put in from now on wakes it again. */
    void awake() {
        woken.set(false);
    }

    /** A {@link Command}, a supplier of a frame, or null. */
    Object poll() {
        return end == null ? queue.poll() : null;
    }

    /** How much was put in so far, all in all. */
    long putCount() {
        return queue.currentProducerIndex();
    }

    /** How much was taken out so far, all in all. */
    long takenCount() {
        return queue.currentConsumerIndex();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Nothing is sent any more: all that is there, and all that comes, fails. On the event loop. */
    void end(EngineException cause) {
        end = cause;
        failRest();
    }

    private void failRest() {
        while (true) {
            Object item;
            synchronized (this) {
                item = queue.poll();
            }
            if (item == null) {
                return;
            }
            if (item instanceof Command command) {
                command.outcome().settle(0, end);
            }
        }
    }
}
