/**
 * The broker: a deterministic state machine without threads, clock, chance or I/O. Frames, time, progress of the journal
 * and contents read back come in as calls, one at a time, from one driver; frames and records go out through {@link
 * io.posthorn.broker.Outlet} and {@link io.posthorn.journal.Journal}. Begin with {@link io.posthorn.broker.Broker}.
 */
package io.posthorn.broker;
