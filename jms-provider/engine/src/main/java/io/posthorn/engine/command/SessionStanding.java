package io.posthorn.engine.command;

import io.posthorn.engine.Outcome;
import io.posthorn.wire.frame.EntryRanges;
import java.util.List;

/**
 * What a session holds at the moment of a resumption.
 *
 * @param session its number
 * @param consumers those that are open, and closed ones whose deliveries the session holds
 */
public record SessionStanding(long session, List<ConsumerStanding> consumers) {

    public SessionStanding {
        consumers = List.copyOf(consumers);
    }

    boolean holdsAnything() {
        return consumers.stream().anyMatch(consumer -> !consumer.handed().isEmpty());
    }

    /**
     * What one consumer holds.
     *
     * @param consumer which
     * @param generation of the deliveries that will come from now on; null for a closed consumer
     * @param handed what the application was handed and has not acknowledged
     * @param onAttach hears how claiming the consumer again went
     */
    public record ConsumerStanding(ConsumerRef consumer, Generation generation, EntryRanges handed, Outcome onAttach) {

        boolean isOpen() {
            return generation != null;
        }
    }
}
