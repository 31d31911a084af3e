/**
 * Bodies that are too long for one frame: sent piece by piece ahead of their message, and fetched piece by piece after it,
 * a few at a time, on the application's thread; the event loop only tells what came. It does not know commands, sessions
 * or sockets. Begin with {@link io.posthorn.engine.transfer.Upload}.
 */
package io.posthorn.engine.transfer;
