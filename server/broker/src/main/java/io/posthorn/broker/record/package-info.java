/**
 * What the broker writes to the log: one record type for each durable change, and how each is laid out in bytes. Knows
 * neither queues nor connections. Begin with {@link io.posthorn.broker.record.LogRecord}.
 */
package io.posthorn.broker.record;
