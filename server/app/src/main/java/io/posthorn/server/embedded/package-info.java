/**
 * Servers inside the JVM of their clients, behind {@code vm://} URLs. Found by the client's engine through
 * {@link java.util.ServiceLoader}. Calls come on any of the application's threads.
 */
package io.posthorn.server.embedded;
