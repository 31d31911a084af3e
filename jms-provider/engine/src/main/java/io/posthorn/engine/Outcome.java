package io.posthorn.engine;

/**
 * Who is told what became of a command: {@code failure} is null when all went well; then {@code value} is what the server answered, 0 where it
 * has nothing to say. Called once, on the event loop or wherever the outcome is known, in the order of the commands. Must neither block nor
 * throw.
 */
@FunctionalInterface
public interface Outcome {

    /** Nobody listens. */
    Outcome NONE = (value, failure) -> {};

    void settle(long value, EngineException failure);
}
