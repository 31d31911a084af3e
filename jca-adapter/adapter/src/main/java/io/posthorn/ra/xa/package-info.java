/**
 * XA resources as transaction managers see them: in front of a session of a pool or of an endpoint, and for recovery. Called on the
 * container's threads. Begin with {@link io.posthorn.ra.xa.ServerResource}.
 */
package io.posthorn.ra.xa;
