package io.posthorn.broker.connection;

import java.util.UUID;

/**
 * A connection of a client at one moment.
 *
 * @param clientId its client identifier, or null
 * @param user who it speaks for; empty for nobody in particular
 * @param peer where its socket comes from; empty while it has none
 * @param connected whether it has a socket; without one it may come back within the resume window
 * @param sinceMs when it came, or came back after a restart, ms since 1970
 * @param consumers how many consumers and browsers it has
 */
public record ConnectionLine(
        UUID id, String clientId, String user, String peer, boolean connected, long sinceMs, int consumers) {}
