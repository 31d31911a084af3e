/**
 * A message as bytes: encoded once by its sender, read in place by the server, decoded by who consumes it. No threads, no
 * state. Begin with {@link io.posthorn.wire.message.Envelope}, where the layout is drawn.
 */
package io.posthorn.wire.message;
