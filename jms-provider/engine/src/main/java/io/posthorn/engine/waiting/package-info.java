/**
 * How application threads wait, and how they are told: one-shot outcomes, bounded patience, the window for messages under
 * way, notices on threads of their own. It does not know frames, sockets or sessions. Begin with {@link
 * io.posthorn.engine.waiting.Promise}.
 */
package io.posthorn.engine.waiting;
