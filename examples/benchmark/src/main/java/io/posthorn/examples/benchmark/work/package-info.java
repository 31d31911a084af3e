/**
 * What can be done with a broker, one class for each kind of work. Each runs in a worker's process, on its main thread and those of the
 * laboratory, and knows only JMS. Begin with {@link io.posthorn.examples.benchmark.work.Stream}.
 */
package io.posthorn.examples.benchmark.work;
