package io.posthorn.examples.benchmark.work;

import jakarta.jms.JMSException;
import javax.transaction.xa.XAException;

/** Where a transaction begins and ends. */
interface Boundary {
    void begin() throws XAException;

    void commit() throws JMSException, XAException;
}
