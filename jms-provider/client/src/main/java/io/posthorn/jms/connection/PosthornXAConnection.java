package io.posthorn.jms.connection;

import io.posthorn.jms.session.SessionMode;
import jakarta.jms.JMSException;
import jakarta.jms.XAQueueConnection;
import jakarta.jms.XAQueueSession;
import jakarta.jms.XASession;
import jakarta.jms.XATopicConnection;
import jakarta.jms.XATopicSession;

/**
 * A connection whose sessions take part in global transactions (section 11.3.2). Sessions that are created as on any other
 * connection are ordinary ones.
 */
public final class PosthornXAConnection extends PosthornConnection implements XAQueueConnection, XATopicConnection {

    PosthornXAConnection(ConnectionCore core, Domain domain) {
        super(core, domain);
    }

    @Override
    public XASession createXASession() throws JMSException {
        return create(Domain.ANY);
    }

    @Override
    public XAQueueSession createXAQueueSession() throws JMSException {
        return create(Domain.QUEUE);
    }

    @Override
    public XATopicSession createXATopicSession() throws JMSException {
        return create(Domain.TOPIC);
    }

    private PosthornXASession create(Domain of) throws JMSException {
        core().checkOpen();
        return new PosthornXASession(core().openSession(SessionMode.XA), of);
    }
}
