/**
 * The ways from the address of a URL to a channel: TCP, with or without TLS, and the local channel to a server inside of
 * this JVM; and the threads behind them. Finding a place may block and runs on threads of its own, the rest on the event
 * loop. It does not know frames or links. Begin with {@link io.posthorn.engine.transport.route.Route}.
 */
package io.posthorn.engine.transport.route;
