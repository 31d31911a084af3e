/**
 * The socket layer of the client: sockets of one URL, TLS, the in-JVM channel, preface, heartbeats, frames in and out.
 * Everything of one connection runs on one event loop, or on a thread of the application that has its {@link
 * io.posthorn.engine.transport.Turn}, or that waits and so reads ({@link io.posthorn.engine.transport.DirectReader}), except for what may block (looking up names, starting an embedded server), which runs on threads of its own. It does not know what frames mean, nor when to connect again. Begin with
 * {@link io.posthorn.engine.transport.Transport}; {@link io.posthorn.engine.transport.Transports} makes one.
 */
package io.posthorn.engine.transport;
