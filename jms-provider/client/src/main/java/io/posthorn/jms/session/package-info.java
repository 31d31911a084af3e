/**
 * What a session does, whichever API stands in front of it: hands messages over, acknowledges them, runs listeners and
 * completion callbacks one at a time, and closes in order. Application threads call in; listeners and callbacks run on
 * threads that all sessions share, see {@link io.posthorn.jms.session.dispatch.Dispatcher}.
 *
 * <p>Locks: {@link io.posthorn.jms.session.Gate} and {@link io.posthorn.jms.session.Completions} have one lock each,
 * held for fields only, never while the engine or the application is called and never both at once. A connection's own
 * lock, where needed, is taken before them.
 *
 * <p>Knows nothing of producers' and browsers' settings, of JNDI, or of sockets. Begin with {@link
 * io.posthorn.jms.session.SessionCore}.
 */
package io.posthorn.jms.session;
