package io.posthorn.ra.inbound;

/** An endpoint as operators see it, in JMX under {@code io.posthorn.ra:type=Endpoint,name=...}. */
public interface EndpointMXBean {

    /** The message-driven bean. */
    String getName();

    /** The queue or topic, or null while it is not known. */
    String getDestination();

    /** {@code CONNECTING}, {@code RUNNING}, {@code PAUSED}, {@code GIVEN_UP} or {@code ENDED}. */
    String getState();

    /** How many messages it handles at a time. */
    int getReceivers();

    /** Messages that were handed over and not rolled back. */
    long getDelivered();

    /** Deliveries that failed or were rolled back. */
    long getFailed();

    /** What went wrong last, with a delivery or with the connection, or null. */
    String getLastFailure();

    /** Lets no message come; returns when the beans at work have returned. What waits stays at the server. */
    void pause();

    /** Lets messages come again, and begins to connect anew if that was given up. */
    void resume();
}
