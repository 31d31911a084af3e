/**
 * An application for the adapter of another provider: it sends to two brokers in one transaction. Knows the API of JMS 1.1 only, which each
 * of them has. Begin with {@link io.posthorn.servers.foreign.PairServlet}.
 */
package io.posthorn.servers.foreign;
