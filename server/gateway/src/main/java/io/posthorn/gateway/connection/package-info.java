/**
 * One socket: preface, handshake, frames in, frames out, proof of life. Runs on the event loop that the socket belongs
 * to, except {@link io.posthorn.gateway.connection.SocketOutlet}, which the broker's loop writes to. Knows no broker
 * state. Begin with {@link io.posthorn.gateway.connection.ConnectionHandler}.
 */
package io.posthorn.gateway.connection;
