package io.posthorn.examples.benchmark.work;

import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** A transacted session: the next transaction begins with the commit of the last. */
record LocalCommit(Session session) implements Boundary {
    @Override
    public void begin() {
        // Nothing to do: a transacted session is always in a transaction.
    }

    @Override
    public void commit() throws JMSException {
        session.commit();
    }
}
