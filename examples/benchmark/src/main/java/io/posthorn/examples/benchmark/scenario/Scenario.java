package io.posthorn.examples.benchmark.scenario;

import jakarta.jms.JMSException;

/** Work that can be repeated. What a round sends it receives, or the round fails; so each begins with empty queues. */
public interface Scenario {
    /** Whether it sends with a {@code CompletionListener}, which not every provider has. */
    default boolean sendsAsynchronously() {
        return false;
    }

    /** Makes what the rounds share: connections, consumers. The laboratory closes the connections at the end. */
    void open(Lab lab) throws JMSException;

    /** Does the work once and says what came of it. */
    Outcome run(Round round) throws Exception;
}
