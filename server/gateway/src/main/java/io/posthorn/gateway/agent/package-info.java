/**
 * The broker as an agent: {@link io.posthorn.gateway.agent.BrokerDriver} is the only caller of the broker, on one event
 * loop; {@link io.posthorn.gateway.agent.Link} is how a socket reaches it, on the same loop or from another; {@link
 * io.posthorn.gateway.agent.JournalReader} blocks for the disk so that the loop does not. Nothing here knows sockets.
 */
package io.posthorn.gateway.agent;
