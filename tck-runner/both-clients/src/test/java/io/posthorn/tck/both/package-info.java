/**
 * The client for {@code jakarta.jms} and the one for {@code javax.jms} in one JVM at the same time: what one sends, the other reads.
 *
 * <p>Begin with {@link io.posthorn.tck.both.BothClientsTest}; it sees both through {@link io.posthorn.tck.both.Client}. All calls come
 * from the test's thread; the server runs in a process of its own.
 */
package io.posthorn.tck.both;
