/**
 * A deep queue on a real server, by command line: {@link io.posthorn.server.depth.DeepQueueCommand} fills and drains it and
 * prints rates; {@code docs/store.md} says how to run it. Knows nothing of the server but its port.
 */
package io.posthorn.server.depth;
