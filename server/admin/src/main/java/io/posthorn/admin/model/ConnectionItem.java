package io.posthorn.admin.model;

/**
 * A connection of a client.
 *
 * @param clientId its client identifier, or null
 * @param user who it speaks for; empty for nobody in particular
 * @param address where its socket comes from; empty while it has none
 * @param connected whether it has a socket; without one it may come back within the resume window
 * @param since when it came, or came back after the server was started
 */
public record ConnectionItem(
        String id, String clientId, String user, String address, boolean connected, String since, int consumers) {}
