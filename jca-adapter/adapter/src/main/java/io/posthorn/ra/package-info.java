/**
 * The resource adapter (Jakarta Connectors 2.1) that connects an application server with Posthorn. {@link
 * io.posthorn.ra.PosthornResourceAdapter} is what the server makes first; {@link io.posthorn.ra.outbound} are the connections that
 * applications open, {@link io.posthorn.ra.handle} what they see of them, {@link io.posthorn.ra.inbound} the endpoints that get messages.
 * Knows the client's public classes only, not its engine.
 */
package io.posthorn.ra;
