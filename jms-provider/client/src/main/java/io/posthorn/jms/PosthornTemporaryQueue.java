package io.posthorn.jms;

import io.posthorn.wire.frame.Address;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.TemporaryQueue;
import javax.naming.NamingException;
import javax.naming.OperationNotSupportedException;
import javax.naming.Reference;

/**
 * A queue that lives as long as the connection that created it (JMS 3.1 section 6.2.2). Where it comes from a message or from
 * serialisation, it names the queue and cannot delete it.
 */
public final class PosthornTemporaryQueue extends PosthornDestination implements TemporaryQueue {

    private static final long serialVersionUID = 1L;

    private final transient Deleter deleter;

    /** {@code deleter} is null where only the name is known. */
    public PosthornTemporaryQueue(String name, Deleter deleter) {
        super(Address.Kind.TEMPORARY_QUEUE, name);
        this.deleter = deleter;
    }

    @Override
    public String getQueueName() {
        return getName();
    }

    @Override
    public void delete() throws JMSException {
        if (deleter == null) {
            throw new IllegalStateException(
                    this + " can only be deleted through the object that createTemporaryQueue gave");
        }
        deleter.delete(address());
    }

    @Override
    public Reference getReference() throws NamingException {
        throw new OperationNotSupportedException(
                this + " ends with its connection and cannot be bound in a naming service");
    }
}
