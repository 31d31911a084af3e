/**
 * What a client and its application see while the link breaks and the server is killed. The server runs in a process of its own, the
 * links go through {@link io.posthorn.testkit.process.LinkProxy}, the assertions are about the public JMS surface only. Begin with {@link
 * io.posthorn.tck.resumption.Rig}.
 */
package io.posthorn.tck.resumption;
