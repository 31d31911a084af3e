/**
 * The providers under test and their processes: how each is started and found by JNDI, the server's process, the worker's process, and
 * what can be read of both from outside. Everything runs on the thread of the command. Begin with {@link
 * io.posthorn.examples.benchmark.provider.Provider}.
 */
package io.posthorn.examples.benchmark.provider;
