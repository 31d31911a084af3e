package io.posthorn.ra.outbound;

/** Makes the managed connections behind a {@code jakarta.jms.QueueConnectionFactory}. */
public final class PosthornManagedQueueConnectionFactory extends PosthornManagedConnectionFactory {

    private static final long serialVersionUID = 1L;

    public PosthornManagedQueueConnectionFactory() {}
}
