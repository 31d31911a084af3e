package io.posthorn.jms;

import io.posthorn.wire.frame.Address;
import jakarta.jms.Topic;

/** A topic (JMS 3.1 section 4.2). Comes into being at the server when it is first used. */
public class PosthornTopic extends PosthornDestination implements Topic {

    private static final long serialVersionUID = 1L;

    /** For bean containers, which then call {@link #setName}. */
    public PosthornTopic() {
        this(null);
    }

    /** The name is checked when the topic is used. */
    public PosthornTopic(String name) {
        super(Address.Kind.TOPIC, name);
    }

    public void setName(String name) {
        rename(name);
    }

    @Override
    public String getTopicName() {
        return getName();
    }
}
