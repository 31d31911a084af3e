/**
 * The durable state of the broker and the one way to change it: records are gathered in a batch, appended, and replayed
 * ({@link io.posthorn.broker.store.DurableState}), live and at recovery alike. Runs on the broker's driver; knows no
 * frames and no sockets. Begin with {@link io.posthorn.broker.store.Recorder}.
 */
package io.posthorn.broker.store;
