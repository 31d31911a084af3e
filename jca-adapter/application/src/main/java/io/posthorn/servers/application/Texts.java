package io.posthorn.servers.application;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;

/** The text of a message, with the checked exception made unchecked. */
final class Texts {

    private Texts() {}

    static String of(Message message) {
        try {
            return ((TextMessage) message).getText();
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
