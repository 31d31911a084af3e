package io.posthorn.jms.consumer;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.session.SessionCore;
import io.posthorn.wire.frame.Source;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.Enumeration;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;

/**
 * One pass over a queue; on a stopped connection it finds nothing. Enumerations cannot throw checked exceptions, so a failure
 * on the way comes out in its unchecked form. One thread at a time.
 */
final class Look implements Enumeration<Message> {

    /** How long a pass waits for the server's next message or word that there is none, before it looks again. */
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(1);

    private final SessionCore session;
    private final EngineConsumer engine;
    private Message next;
    private boolean closed;

    Look(SessionCore session, Source source) throws JMSException {
        this.session = session;
        try {
            engine = session.engine().attach(source);
        } catch (EngineException e) {
            throw JmsErrors.of("cannot browse " + source.address(), e);
        }
    }

    @Override
    public boolean hasMoreElements() {
        if (next == null && !closed) {
            try {
                advance();
            } catch (JMSException e) {
                close();
                throw JmsErrors.unchecked(e);
            }
        }
        return next != null;
    }

    @Override
    public Message nextElement() {
        if (!hasMoreElements()) {
            throw new NoSuchElementException("there are no more messages in the queue");
        }
        Message message = next;
        next = null;
        return message;
    }

    private void advance() throws JMSException {
        while (next == null && !closed) {
            Delivery delivery = take();
            if (delivery == null) {
                close();
            } else {
                next = session.decode(delivery); // null when it was consumed meanwhile
            }
        }
    }

    private Delivery take() throws JMSException {
        Delivery here = engine.poll();
        if (here != null || engine.exhausted()) {
            return here;
        }
        try {
            return engine.receive(WAIT_NS);
        } catch (EngineException e) {
            throw JmsErrors.of("cannot browse", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw JmsErrors.caused(new JMSException("interrupted while browsing"), e);
        }
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        if (!closed) {
            closed = true;
            engine.close();
        }
    }
}
