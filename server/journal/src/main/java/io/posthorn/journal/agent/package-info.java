/**
 * Work in small pieces: an {@link io.posthorn.journal.agent.Agent} does what there is to do and says when there may
 * be more;
 * an {@link io.posthorn.journal.agent.AgentThread} drives it, or a test does. {@link
 * io.posthorn.journal.agent.Retry} is for
 * what may not work at first, and {@link io.posthorn.journal.agent.Pressure} is what is told of it meanwhile.
 * Nothing here
 * knows the log.
 */
package io.posthorn.journal.agent;
