package io.posthorn.engine.command;

import io.posthorn.engine.EngineException;

/** Whoever waits for a command. */
@FunctionalInterface
public interface Outcome {

    /** Nobody waits. */
    Outcome NONE = (value, failure) -> {};

    /** Called once, in the order of the commands; {@code failure} is null when all went well. */
    void settle(long value, EngineException failure);
}
