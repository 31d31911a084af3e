/**
 * Many producers and consumers at work while the link is cut every second and the server is killed every few seconds, each with its own
 * log in memory. Begin with {@link io.posthorn.tck.resumption.soak.Soak}.
 */
package io.posthorn.tck.resumption.soak;
