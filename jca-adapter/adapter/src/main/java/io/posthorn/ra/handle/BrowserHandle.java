package io.posthorn.ra.handle;

import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import java.util.Enumeration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A browser of a session handle; it ends when the container takes the connection behind it away. One thread at a time. */
final class BrowserHandle implements QueueBrowser, Child {

    private static final Logger LOG = LoggerFactory.getLogger(BrowserHandle.class);

    private final SessionHandle session;
    private final QueueBrowser browser;

    BrowserHandle(SessionHandle session, QueueBrowser browser) {
        this.session = session;
        this.browser = browser;
    }

    @Override
    public Queue getQueue() throws JMSException {
        return browser.getQueue();
    }

    @Override
    public String getMessageSelector() throws JMSException {
        return browser.getMessageSelector();
    }

    @Override
    public Enumeration<?> getEnumeration() throws JMSException {
        return browser.getEnumeration();
    }

    @Override
    public void close() throws JMSException {
        session.forget(this);
        browser.close();
    }

    @Override
    public void closeBehind() {
        try {
            browser.close();
        } catch (JMSException e) {
            LOG.debug("A browser is closed with its session", e);
        }
    }
}
