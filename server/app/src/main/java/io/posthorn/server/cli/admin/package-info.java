/**
 * Commands that speak to a running server by its management port. Each makes one request or a few, and prints a table, or
 * what was done; {@code --json} prints the answer as it came. Begin with {@link io.posthorn.server.cli.admin.Desk}.
 */
package io.posthorn.server.cli.admin;
