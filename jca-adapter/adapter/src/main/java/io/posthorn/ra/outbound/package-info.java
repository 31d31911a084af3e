/**
 * The connections of applications: what the server's pool holds and enlists in transactions. The server calls on its own threads. Does not
 * know endpoints. Begin with {@link io.posthorn.ra.outbound.PosthornManagedConnectionFactory}.
 */
package io.posthorn.ra.outbound;
