/**
 * The gateway: sockets, TLS and the in-JVM transport on one side, frames for the broker on the other. {@code connection}
 * is one socket, {@code agent} is the one place that calls the broker, {@code login} checks who connects, {@code tls}
 * holds the certificates. All runs on the threads named {@code posthorn-loop-N}. What a frame means is the broker's
 * business; which users there are is the authenticator's. Begin with {@link io.posthorn.gateway.Gateway}.
 */
package io.posthorn.gateway;
