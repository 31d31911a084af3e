/**
 * The server's process is killed with -9 every few seconds under load from other processes, which are killed now and then, too. Each
 * client writes down what it is about to do and what it was told, before it goes on; afterwards a judge who has nothing but these
 * diaries says whether anything was lost, came back, or was done by half. Nothing here looks into the server. Begin with {@link
 * io.posthorn.tck.crashes.CrashRun}.
 */
package io.posthorn.tck.crashes;
