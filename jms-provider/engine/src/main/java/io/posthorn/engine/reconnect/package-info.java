/**
 * Keeps a connection on a link: tries addresses in turn, greets, notices the end, waits, tries again, gives up. Runs on the
 * event loop. It does not know what is said over a link after the greeting. Begin with {@link
 * io.posthorn.engine.reconnect.LinkKeeper}.
 */
package io.posthorn.engine.reconnect;
