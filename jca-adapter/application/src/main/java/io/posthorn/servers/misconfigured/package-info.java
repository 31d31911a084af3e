/**
 * An application with one bean, in whose annotation the test puts a mistake that a server can tell at the deployment. Begin with
 * {@link io.posthorn.servers.misconfigured.Picky}.
 */
package io.posthorn.servers.misconfigured;
