/**
 * What JMS 3.1 says about single values, apart from any message: which type may be read as which ({@link
 * io.posthorn.jms.convert.ValueConversions}), what a property may be called ({@link
 * io.posthorn.jms.convert.PropertyNames}), and how a body is compressed. Static functions without state, for any thread.
 * Knows nothing of messages, connections or the wire. Begin with {@code ValueConversions}.
 */
package io.posthorn.jms.convert;
