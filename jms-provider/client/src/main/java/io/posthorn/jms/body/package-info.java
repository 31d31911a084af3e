/**
 * Bodies of bytes and stream messages that may be longer than what should be in memory: written, kept in a temporary file,
 * read from it. Used by one thread at a time, like the message. Knows neither messages nor the engine's connection. Begin
 * with {@link io.posthorn.jms.body.BodyStore}.
 */
package io.posthorn.jms.body;
