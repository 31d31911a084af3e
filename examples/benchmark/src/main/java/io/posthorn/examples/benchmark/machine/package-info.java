/**
 * What this machine can do without any broker: sockets on the loopback and the disk. Begin with {@link
 * io.posthorn.examples.benchmark.machine.Limits}.
 */
package io.posthorn.examples.benchmark.machine;
