package io.posthorn.jms.connection;

import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.IllegalStateException;

/** Which messaging domain a connection or session was asked for, and so which methods it must refuse (section 9.2). */
public enum Domain {
    /** Queues and topics. */
    ANY,
    QUEUE,
    TOPIC;

    /** For a method that only topics have. */
    void requireTopics(String method) throws IllegalStateException {
        if (this == QUEUE) {
            throw JmsErrors.illegalState(
                    method + " is not for the queue domain; use an ordinary connection and session");
        }
    }

    /** For a method that only queues have. */
    void requireQueues(String method) throws IllegalStateException {
        if (this == TOPIC) {
            throw JmsErrors.illegalState(
                    method + " is not for the topic domain; use an ordinary connection and session");
        }
    }
}
