package io.posthorn.engine;

/**
 * Where the threads of a connection wait for what the network brings: one that waits alone, again and again, may read the socket itself
 * instead of being woken by the event loop. Each method's default is what it does where there is no such socket. Safe from any thread.
 */
public interface Reading {

    /** There is no socket that a thread of the application could read. */
    Reading NEVER = new Reading() {};

    /**
     * Waits for something to come, and handles it as the event loop would; or returns early, for whatever reason, so that the caller looks
     * again whether it must wait at all. False when it did not wait, since the event loop reads, or another thread: the caller
     * then waits to be woken, as ever. Whoever calls this calls {@link #leave} when it waits no more. Holding no lock.
     */
    default boolean await(long timeoutNs) {
        return false;
    }

    /** Has a thread that waits here look again; false when it does not wait here. */
    default boolean wake(Thread thread) {
        return false;
    }

    /** The calling thread does not wait any more; it may come back soon. */
    default void leave() {}

    /** Nobody who waits here will come back soon: the event loop is to read again, unless somebody does. */
    default void giveBack() {}

    /** Whether the event loop does not read, but for a moment in between. */
    default boolean isHere() {
        return false;
    }

    /** Whether nobody misses what comes while no thread waits here: it concerns one session only, or only such threads. */
    default void alone(boolean isAlone) {}

    /** Called every few milliseconds, on some thread, while {@link #isHere}. One at most. */
    default void whileHere(Runnable look) {}
}
