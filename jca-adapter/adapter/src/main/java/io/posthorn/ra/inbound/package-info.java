/**
 * The endpoints: from an activation to message-driven beans that get messages, on threads of the server's work manager. Does not know
 * outbound connections. Begin with {@link io.posthorn.ra.inbound.PosthornActivationSpec}.
 */
package io.posthorn.ra.inbound;
