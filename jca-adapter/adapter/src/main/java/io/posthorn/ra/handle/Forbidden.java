package io.posthorn.ra.handle;

import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.IllegalStateException;

/** The errors for what applications in a web or EJB container must not do (JMS 3.1 section 12.2). */
final class Forbidden {

    private Forbidden() {}

    static IllegalStateException method(String name, String instead) {
        return JmsErrors.illegalState(
                name + " must not be called in a web or EJB container (Jakarta Messaging section 12.2); " + instead);
    }

    static IllegalStateException listener(String name) {
        return method(name, "use a message-driven bean to have messages delivered");
    }

    static IllegalStateException async() {
        return method(
                "A send with a CompletionListener", "send without one, in a transaction if waiting takes too long");
    }

    static IllegalStateException demarcation(String name) {
        return JmsErrors.illegalState(
                name + " is the container's: this session is never transacted by itself. Use a JTA"
                        + " transaction (container-managed, or UserTransaction)");
    }
}
