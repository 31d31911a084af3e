package io.posthorn.jms.message;

import jakarta.jms.JMSException;

/** What {@link jakarta.jms.Message#acknowledge()} does; the session that hands a message over gives it. */
@FunctionalInterface
public interface Acknowledger {

    void acknowledge() throws JMSException;
}
