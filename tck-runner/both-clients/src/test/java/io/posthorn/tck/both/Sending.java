package io.posthorn.tck.both;

/** How to send; times in milliseconds. */
public record Sending(boolean persistent, int priority, long timeToLive, long deliveryDelay) {
    static final Sending USUAL = new Sending(true, 4, 0, 0);
    static final Sending UNUSUAL = new Sending(false, 7, 600_000, 20);
}
