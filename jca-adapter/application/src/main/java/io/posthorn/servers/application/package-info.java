/**
 * The application that every application server must run: listeners, senders, and a servlet through which a test says what to do.
 * The tests deploy it as one WAR, for {@code jakarta} as compiled and for {@code javax} with its bytecode renamed.
 *
 * <p>It knows the platform's API only, nothing of Posthorn and nothing of a server; what a server needs to be told stands in the
 * descriptors of {@code src/main/descriptors}. Runs on the server's threads. Begin with
 * {@link io.posthorn.servers.application.CommandServlet}.
 */
package io.posthorn.servers.application;
