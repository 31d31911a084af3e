package io.posthorn.jms.connection;

import io.posthorn.engine.Engine;
import io.posthorn.engine.EngineConnection;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.ServerUrl;
import io.posthorn.jms.body.BodyStore;
import io.posthorn.jms.context.PosthornContext;
import io.posthorn.jms.context.PosthornXAContext;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.error.Unchecked;
import io.posthorn.jms.message.ObjectTrust;
import io.posthorn.jms.session.MessageCoding;
import io.posthorn.jms.session.SessionMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.XAJMSContext;

/**
 * Opens connections and contexts for connection factories (section 5.3). User, password and client identifier may be null; the
 * latter counts as administratively configured otherwise.
 */
public final class ConnectionOpener {

    private ConnectionOpener() {}

    /** {@code trust} says what object messages may hold. */
    public static PosthornConnection open(
            ServerUrl url, String user, String password, String clientId, ObjectTrust trust, Domain domain)
            throws JMSException {
        return over(connect(url, user, password, clientId), clientId, coding(url, trust), domain);
    }

    public static PosthornXAConnection openXa(
            ServerUrl url, String user, String password, String clientId, ObjectTrust trust, Domain domain)
            throws JMSException {
        return xaOver(connect(url, user, password, clientId), clientId, coding(url, trust), domain);
    }

    /** Ends the threads that no connection uses now, instead of a little later: for a container that takes this client's classes away. */
    public static void endUnusedThreads() {
        Engine.endUnusedThreads();
    }

    /** A context with a connection of its own. */
    public static JMSContext openContext(
            ServerUrl url, String user, String password, String clientId, ObjectTrust trust, int sessionMode) {
        return Unchecked.call(() -> {
            SessionMode mode = SessionMode.of(sessionMode);
            return PosthornContext.over(open(url, user, password, clientId, trust, Domain.ANY), mode);
        });
    }

    /** A context with a connection of its own, whose session takes part in global transactions. */
    public static XAJMSContext openXaContext(
            ServerUrl url, String user, String password, String clientId, ObjectTrust trust) {
        return Unchecked.call(() -> PosthornXAContext.over(openXa(url, user, password, clientId, trust, Domain.ANY)));
    }

    private static MessageCoding coding(ServerUrl url, ObjectTrust trust) {
        return new MessageCoding(trust, url.useCompression(), new BodyStore(url.largeMessageSize()));
    }

    /** A connection over an engine's that is open. */
    static PosthornConnection over(EngineConnection engine, String clientId, MessageCoding coding, Domain domain) {
        return new PosthornConnection(new ConnectionCore(engine, coding, clientId), domain);
    }

    static PosthornXAConnection xaOver(EngineConnection engine, String clientId, MessageCoding coding, Domain domain) {
        return new PosthornXAConnection(new ConnectionCore(engine, coding, clientId), domain);
    }

    private static EngineConnection connect(ServerUrl url, String user, String password, String clientId)
            throws JMSException {
        try {
            return Engine.connect(url, user, password, clientId);
        } catch (EngineException e) {
            throw JmsErrors.of("cannot connect to " + url, e);
        }
    }
}
