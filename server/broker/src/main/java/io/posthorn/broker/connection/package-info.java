/**
 * What belongs to one client: its connection, which outlives its socket, sessions, consumers, and what it has been told.
 * Runs on the broker's driver. Begin with {@link io.posthorn.broker.connection.Connection}.
 */
package io.posthorn.broker.connection;
