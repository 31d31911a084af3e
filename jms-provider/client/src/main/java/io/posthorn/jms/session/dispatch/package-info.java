/**
 * On which thread a session's listeners and completion callbacks run: one at a time, in order, on threads that all sessions of this
 * JVM share ({@link io.posthorn.jms.session.dispatch.SessionThreads}), so that a burst for many sessions wakes few of them.
 *
 * <p>The monitor of the threads guards who waits, who works and who sleeps; it is held for fields only. Nobody is woken, started or
 * called under it, and no other lock is taken.
 *
 * <p>Knows nothing of JMS and messages, and of the engine only where a thread may wait for what comes. Begin with {@link io.posthorn.jms.session.dispatch.Dispatcher}.
 */
package io.posthorn.jms.session.dispatch;
