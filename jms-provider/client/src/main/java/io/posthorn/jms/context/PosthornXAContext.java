package io.posthorn.jms.context;

import io.posthorn.jms.error.Unchecked;
import io.posthorn.jms.session.SessionMode;
import jakarta.jms.Connection;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XAJMSContext;
import jakarta.jms.XASession;
import javax.transaction.xa.XAResource;

/** A context whose session takes part in global transactions (section 11.3.4). */
public final class PosthornXAContext extends PosthornContext implements XAJMSContext {

    private PosthornXAContext(SharedConnection shared) {
        super(shared, SessionMode.XA);
    }

    /** The first context of a connection, which closes with its last. */
    public static PosthornXAContext over(XAConnection connection) throws JMSException {
        return new PosthornXAContext(new SharedConnection(connection).join());
    }

    @Override
    Session open(Connection connection) throws JMSException {
        return ((XAConnection) connection).createXASession();
    }

    /** This context itself, which is an ordinary one to those who do not know better. */
    @Override
    public JMSContext getContext() {
        return this;
    }

    @Override
    public XAResource getXAResource() {
        return Unchecked.call(() -> ((XASession) session()).getXAResource());
    }
}
