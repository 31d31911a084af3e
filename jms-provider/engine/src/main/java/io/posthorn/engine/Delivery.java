package io.posthorn.engine;

/**
 * One message that the application was, or is about to be, handed.
 *
 * @param consumer whose it is
 * @param entry its number in the queue or subscription
 * @param attempts how often it was handed out before
 * @param redelivered whether an earlier attempt is known or cannot be ruled out
 * @param envelope the bytes of the message
 */
public record Delivery(EngineConsumer consumer, long entry, int attempts, boolean redelivered, byte[] envelope) {}
