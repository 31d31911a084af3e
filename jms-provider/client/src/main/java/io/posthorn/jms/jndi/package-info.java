/**
 * The JNDI provider behind {@link io.posthorn.jms.PosthornInitialContextFactory}: reads the JNDI environment into a tree of names,
 * once, and answers look-ups from it. Read-only after that, so for any thread; reaches no server. Begin with {@link
 * io.posthorn.jms.jndi.PosthornContext}, which lists the keys, then {@link io.posthorn.jms.jndi.EnvironmentReader}.
 */
package io.posthorn.jms.jndi;
