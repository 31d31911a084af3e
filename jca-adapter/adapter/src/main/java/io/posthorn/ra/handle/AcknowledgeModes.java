package io.posthorn.ra.handle;

import jakarta.jms.JMSException;
import jakarta.jms.Session;

/**
 * What remains of a session's mode in a container (JMS 3.1 section 6.2.1 and the documentation of {@code createSession}): in a transaction
 * nothing, and outside only the two automatic modes; the others are ignored, as is recommended there.
 */
final class AcknowledgeModes {

    private AcknowledgeModes() {}

    /** The mode outside of a transaction, for what was asked for; a number that is no mode is refused. */
    static int inContainer(int asked) throws JMSException {
        return switch (asked) {
            case Session.DUPS_OK_ACKNOWLEDGE -> Session.DUPS_OK_ACKNOWLEDGE;
            case Session.AUTO_ACKNOWLEDGE, Session.CLIENT_ACKNOWLEDGE, Session.SESSION_TRANSACTED ->
                Session.AUTO_ACKNOWLEDGE;
            default ->
                throw new JMSException("there is no session mode " + asked
                        + "; in a container it is AUTO_ACKNOWLEDGE (1) or DUPS_OK_ACKNOWLEDGE (3)");
        };
    }
}
