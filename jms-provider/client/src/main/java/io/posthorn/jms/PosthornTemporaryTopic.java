package io.posthorn.jms;

import io.posthorn.wire.frame.Address;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.TemporaryTopic;
import javax.naming.NamingException;
import javax.naming.OperationNotSupportedException;
import javax.naming.Reference;

/**
 * A topic that lives as long as the connection that created it (JMS 3.1 section 6.2.2). Where it comes from a message or from
 * serialisation, it names the topic and cannot delete it.
 */
public final class PosthornTemporaryTopic extends PosthornDestination implements TemporaryTopic {

    private static final long serialVersionUID = 1L;

    private final transient Deleter deleter;

    /** {@code deleter} is null where only the name is known. */
    public PosthornTemporaryTopic(String name, Deleter deleter) {
        super(Address.Kind.TEMPORARY_TOPIC, name);
        this.deleter = deleter;
    }

    @Override
    public String getTopicName() {
        return getName();
    }

    @Override
    public void delete() throws JMSException {
        if (deleter == null) {
            throw new IllegalStateException(
                    this + " can only be deleted through the object that createTemporaryTopic gave");
        }
        deleter.delete(address());
    }

    @Override
    public Reference getReference() throws NamingException {
        throw new OperationNotSupportedException(
                this + " ends with its connection and cannot be bound in a naming service");
    }
}
