package io.posthorn.jms;

import io.posthorn.wire.frame.Address;
import jakarta.jms.Queue;

/** A queue (JMS 3.1 section 4.1). Comes into being at the server when it is first used. */
public class PosthornQueue extends PosthornDestination implements Queue {

    private static final long serialVersionUID = 1L;

    /** For bean containers, which then call {@link #setName}. */
    public PosthornQueue() {
        this(null);
    }

    /** The name is checked when the queue is used. */
    public PosthornQueue(String name) {
        super(Address.Kind.QUEUE, name);
    }

    public void setName(String name) {
        rename(name);
    }

    @Override
    public String getQueueName() {
        return getName();
    }
}
