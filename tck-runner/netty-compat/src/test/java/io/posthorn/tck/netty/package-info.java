/**
 * The client in an application that brings Netty 4.1 while the client was built with 4.2.
 *
 * <p>Begin with {@link io.posthorn.tck.netty.Netty41Test}. The server runs in a process of its own, on the Netty of its own jar.
 */
package io.posthorn.tck.netty;
