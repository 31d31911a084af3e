/**
 * A fourth application, for a servlet container without a resource adapter: everything it uses comes from JNDI. Knows nothing of
 * Posthorn. Begin with {@link io.posthorn.servers.plain.PlainServlet}.
 */
package io.posthorn.servers.plain;
