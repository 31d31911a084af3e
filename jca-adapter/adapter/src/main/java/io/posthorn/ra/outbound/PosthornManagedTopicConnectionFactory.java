package io.posthorn.ra.outbound;

/** Makes the managed connections behind a {@code jakarta.jms.TopicConnectionFactory}. */
public final class PosthornManagedTopicConnectionFactory extends PosthornManagedConnectionFactory {

    private static final long serialVersionUID = 1L;

    public PosthornManagedTopicConnectionFactory() {}
}
