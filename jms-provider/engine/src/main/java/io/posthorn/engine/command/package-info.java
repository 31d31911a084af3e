/**
 * What a connection remembers so that it can outlive its sockets: which commands the server has not confirmed, what the
 * open transactions are made of, and what has to be said again, in which order, after a break. Free of I/O, clock and
 * threads: the owner calls in from one thread at a time, in production the event loop, in the simulation the test. It does
 * not know consumers' buffers, sockets or credit. Begin with {@link io.posthorn.engine.command.CommandLog}.
 */
package io.posthorn.engine.command;
