/**
 * What every kind of work has: the provider as JNDI gives it, numbered messages, the check of what is received, and the process that it
 * runs in, which has the class path of one provider and knows none. Begin with {@link io.posthorn.examples.benchmark.scenario.Scenario},
 * then {@link io.posthorn.examples.benchmark.scenario.Worker} and {@link io.posthorn.examples.benchmark.scenario.Ledger}.
 */
package io.posthorn.examples.benchmark.scenario;
