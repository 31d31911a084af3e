/**
 * The connection that outlives its sockets, with its sessions and consumers. Application threads put what they want into
 * the {@link io.posthorn.engine.connection.Outbox}; on the event loop the {@link io.posthorn.engine.connection.Courier}
 * numbers and sends it, and the {@link io.posthorn.engine.connection.Inbox} takes what comes back. A thread of the application that finds
 * nothing under way does the event loop's part itself, in its turn: "on the event loop" means whoever has that. One lock for each
 * session guards what was handed over and which generation a consumer is in; it is held for fields only, and no other lock
 * is taken under it. This package does not know sockets and JMS. Begin with {@link
 * io.posthorn.engine.connection.ResumingConnection}.
 */
package io.posthorn.engine.connection;
