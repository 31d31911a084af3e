/**
 * JMH benchmarks of the hot parts, one class for each: what a message costs in time and allocation on its way, without sockets and other
 * threads (but for the journal's). Begin with {@link io.posthorn.benchmarks.BrokerBenchmark}, the sum of most of the others; {@code
 * server/benchmarks/benchmarks} runs them.
 */
package io.posthorn.benchmarks;
