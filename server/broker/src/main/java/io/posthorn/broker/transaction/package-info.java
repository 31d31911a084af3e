/**
 * Units of work: what a session has sent and acknowledged without having committed it, and the XA branches. Runs on the
 * broker's driver; knows no frames. Begin with {@link io.posthorn.broker.transaction.Transaction}.
 */
package io.posthorn.broker.transaction;
