package io.posthorn.engine;

/** The outcome of a command that was given to the server: done, durable where that was asked for, or failed. */
public interface Pending {

    /**
     * Waits for the outcome, for at most the connection's request timeout (a command of a connection that is resuming goes
     * on waiting; the bound holds all the same). Returns what the server answered, 0 where it has nothing to say.
     */
    long await() throws EngineException;

    /** Tells once, on the event loop, or at once on the caller's thread when the outcome is known. */
    void whenDone(Outcome told);
}
