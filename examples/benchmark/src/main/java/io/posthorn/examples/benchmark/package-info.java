/**
 * The command: takes a table of work, lets each provider do it in turn, and prints medians and ratios. Knows no provider and no JMS. Begin
 * with {@link io.posthorn.examples.benchmark.Benchmark}, then {@link io.posthorn.examples.benchmark.Tables}, which lists all that is
 * measured, then {@link io.posthorn.examples.benchmark.Runner}.
 */
package io.posthorn.examples.benchmark;
