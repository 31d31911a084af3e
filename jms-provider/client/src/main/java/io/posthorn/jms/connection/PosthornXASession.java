package io.posthorn.jms.connection;

import io.posthorn.jms.session.SessionCore;
import io.posthorn.jms.xa.BranchResource;
import jakarta.jms.JMSException;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TopicSession;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.XAQueueSession;
import jakarta.jms.XATopicSession;
import javax.transaction.xa.XAResource;

/**
 * A session whose transactions a transaction manager drives through its resource (section 11.3.3). Outside of a branch, what
 * it sends and receives is not transacted and acknowledged automatically.
 */
public final class PosthornXASession extends PosthornSession implements XAQueueSession, XATopicSession {

    private final BranchResource resource;

    PosthornXASession(SessionCore core, Domain domain) {
        super(core, domain);
        resource = new BranchResource(core);
    }

    /** This session itself, which is an ordinary one to those who do not know better. */
    @Override
    public Session getSession() throws JMSException {
        core().checkOpen();
        return this;
    }

    @Override
    public QueueSession getQueueSession() throws JMSException {
        core().checkOpen();
        return this;
    }

    @Override
    public TopicSession getTopicSession() throws JMSException {
        core().checkOpen();
        return this;
    }

    @Override
    public XAResource getXAResource() {
        return resource;
    }

    @Override
    public void commit() throws JMSException {
        core().checkOpen();
        throw new TransactionInProgressException(
                "an XA session is committed by the transaction manager, through its XA resource");
    }

    @Override
    public void rollback() throws JMSException {
        core().checkOpen();
        throw new TransactionInProgressException(
                "an XA session is rolled back by the transaction manager, through its XA resource");
    }
}
