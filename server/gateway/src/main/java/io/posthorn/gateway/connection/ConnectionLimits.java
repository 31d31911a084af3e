package io.posthorn.gateway.connection;

/**
 * What holds for each connection.
 *
 * @param frameLengthMax longest frame after the handshake, in bytes
 * @param messageLengthMax longest envelope, in bytes
 * @param heartbeatMs the server's proposal, in milliseconds; 0 for none of its own
 * @param handshakeTimeoutMs until when CONNECT must have come, in milliseconds
 * @param outgoing what all of them together have not taken yet
 */
public record ConnectionLimits(
        int frameLengthMax, long messageLengthMax, long heartbeatMs, long handshakeTimeoutMs, Outgoing outgoing) {}
