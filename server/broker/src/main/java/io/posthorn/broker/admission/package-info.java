/**
 * Whether messages are let in, who waits for that, and where those go that are not. Runs on the broker's driver. Knows
 * destinations' queues and the log's pressure, and of senders only how to tell them. Begin with {@link
 * io.posthorn.broker.admission.Admission}.
 */
package io.posthorn.broker.admission;
