/**
 * A second application, which defines its connection factory and destinations itself, by annotations, instead of having them from
 * the server's configuration. Begin with {@link io.posthorn.servers.definitions.DefinitionsServlet}. Apart from the other one since
 * servers treat such definitions by rules of their own.
 */
package io.posthorn.servers.definitions;
