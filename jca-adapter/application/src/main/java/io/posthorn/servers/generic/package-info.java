/**
 * A third application, for the generic adapter of WildFly: it takes and sends with the API of JMS 1.1, since that adapter has a
 * {@code JMSContext} outside of the transaction. Runs on the server's threads, knows nothing of Posthorn. Begin with
 * {@link io.posthorn.servers.generic.Forward}.
 */
package io.posthorn.servers.generic;
