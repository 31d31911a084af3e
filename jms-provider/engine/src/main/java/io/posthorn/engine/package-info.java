/**
 * The waist of the client: connections, sessions and consumers without any JMS type, on Netty, asynchronous. A
 * connection outlives its socket: it reconnects and resumes by itself. Begin with {@link
 * io.posthorn.engine.EngineConnection}.
 */
package io.posthorn.engine;
