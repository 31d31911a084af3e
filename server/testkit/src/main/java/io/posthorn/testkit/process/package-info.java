/**
 * A Posthorn server in a process of its own, for suites and crash harnesses: started, killed with {@code -9}, started again on the
 * same port and data.
 *
 * <p>Begin with {@link io.posthorn.testkit.process.ServerCommand}, which says what to start, and go on to
 * {@link io.posthorn.testkit.process.ServerProcess}; {@link io.posthorn.testkit.process.LinkProxy} breaks the links to it. Runs on the caller's thread; knows only the server's command line, nothing of its
 * classes, and needs nothing but the JDK.
 */
package io.posthorn.testkit.process;
