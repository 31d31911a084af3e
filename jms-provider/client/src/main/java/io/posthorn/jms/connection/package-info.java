/**
 * The classic API's connections and sessions (chapter 6), the XA forms of both (section 11.3), and connection consumers
 * (section 11.2): thin fronts over {@link io.posthorn.jms.session} and the engine. Application threads call in; exception
 * listeners and connection consumers have threads of their own.
 *
 * <p>A connection's lock guards its fields and is taken before a session's. Begin with {@link
 * io.posthorn.jms.connection.ConnectionOpener}.
 */
package io.posthorn.jms.connection;
