package io.posthorn.jms.consumer;

import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.session.SessionCore;
import io.posthorn.wire.frame.Source;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

/** Looks at a queue (section 4.1.6). Each enumeration is a look of its own. One thread at a time. */
public final class PosthornBrowser implements QueueBrowser {

    private final SessionCore session;
    private final Queue queue;
    private final Source source;
    private final List<Look> looks = new ArrayList<>();
    private boolean closed;

    /** A browser of {@code queue}, which {@code source} describes. Opens nothing at the server yet. */
    public PosthornBrowser(SessionCore session, Queue queue, Source source) throws JMSException {
        session.checkOpen();
        this.session = session;
        this.queue = queue;
        this.source = source;
    }

    @Override
    public Queue getQueue() throws JMSException {
        checkOpen();
        return queue;
    }

    @Override
    public String getMessageSelector() throws JMSException {
        checkOpen();
        return source.selector();
    }

    /** A new look at the queue, from its head; it closes itself at the end. */
    @Override
    public Enumeration<?> getEnumeration() throws JMSException {
        checkOpen();
        looks.removeIf(Look::isClosed);
        Look look = new Look(session, source);
        looks.add(look);
        return look;
    }

    @Override
    public void close() {
        closed = true;
        looks.forEach(Look::close);
        looks.clear();
    }

    private void checkOpen() throws JMSException {
        session.checkOpen();
        if (closed) {
            throw JmsErrors.closed("browser");
        }
    }
}
