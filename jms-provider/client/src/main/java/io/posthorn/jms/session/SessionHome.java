package io.posthorn.jms.session;

import io.posthorn.engine.EngineConnection;
import io.posthorn.engine.EngineException;
import io.posthorn.jms.message.MessageIds;
import jakarta.jms.JMSException;

/** What a session needs of its connection. Safe from any thread. */
public interface SessionHome {

    EngineConnection engine();

    /** The client identifier, or null. */
    String clientId();

    MessageCoding coding();

    /** Makes the identifiers of the messages that this connection sends. */
    MessageIds messageIds();

    TemporaryDestinations temporaries();

    /** Tells the connection's exception listener, on a thread of its own, of a problem that has nobody else to go to. */
    void report(JMSException problem);

    /** As {@link #report(JMSException)}; says nothing when the connection is lost or closed, which is known already. */
    void report(String doing, EngineException failure);

    /** Called once, when the session is closed. */
    void onSessionClosed(SessionCore session);
}
