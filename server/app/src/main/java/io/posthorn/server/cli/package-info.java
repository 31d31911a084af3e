/**
 * The command line of the runnable jar. The only place that writes to the console itself and decides exit codes. Begin
 * with {@link io.posthorn.server.cli.Main}.
 */
package io.posthorn.server.cli;
