/**
 * The server as a whole: {@link io.posthorn.server.PosthornServer} puts journal, broker and gateway together. {@code
 * config} says with what settings, {@code security} for whom, {@code cli} is the command line, {@code embedded} the
 * server inside a client's JVM. Starting and stopping happen on the caller's thread.
 */
package io.posthorn.server;
