/**
 * The server with the client that people use, seen through the public JMS surface only: what goes wrong and what is said about it, and
 * what goes right. Each test has servers of its own in this JVM, or a child JVM. Begin with {@link io.posthorn.server.endtoend.Site}.
 */
package io.posthorn.server.endtoend;
