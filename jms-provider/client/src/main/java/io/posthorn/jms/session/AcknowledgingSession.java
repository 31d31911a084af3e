package io.posthorn.jms.session;

import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** A session that can acknowledge all that was consumed without a message at hand, as {@code JMSContext} does. */
public interface AcknowledgingSession extends Session {

    void acknowledge() throws JMSException;
}
