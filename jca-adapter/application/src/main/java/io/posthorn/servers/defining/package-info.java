/**
 * Like {@link io.posthorn.servers.foreign}, but with a factory that the application defines itself. Begin with
 * {@link io.posthorn.servers.defining.DefiningServlet}.
 */
package io.posthorn.servers.defining;
