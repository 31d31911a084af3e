/**
 * The JMS message types over the encoded {@link io.posthorn.wire.message.Envelope}: what a received one holds is decoded when
 * it is asked for, what a new one holds is encoded when it is sent. A message belongs to one thread at a time, as its session
 * does. Knows nothing of connections, sessions and sockets. Begin with {@link io.posthorn.jms.message.PosthornMessage}.
 */
package io.posthorn.jms.message;
