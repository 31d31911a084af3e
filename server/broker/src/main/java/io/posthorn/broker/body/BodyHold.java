package io.posthorn.broker.body;

/**
 * Says that somebody needs a body.
 *
 * @param logged whether that is a message in the log, and not only something of this run
 */
public record BodyHold(Body body, boolean logged) {}
