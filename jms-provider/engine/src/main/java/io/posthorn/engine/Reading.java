package io.posthorn.engine;

/**
 * Where the threads of a connection wait for what the network brings: one that waits alone, again and again, may read the socket itself
 * instead of being woken by the event loop. Safe from any thread.
 */
public interface Reading {

    /** There is no socket that a thread of the application could read. */
    Reading NEVER = new Reading() {
        @Override
        public boolean await(long timeoutNs) {
            return false;
        }

        @Override
        public boolean wake(Thread thread) {
            return false;
        }

        @Override
        public void leave() {}

        @Override
        public void giveBack() {}

        @Override
        public boolean isHere() {
            return false;
        }

        @Override
        public void alone(boolean isAlone) {}

        @Override
        public void whileHere(Runnable look) {}
    };

    /**
     * Waits for something to come, and handles it as the event loop would; or returns early, for whatever reason, so that the caller looks
     * again whether it must wait at all. False when it did not wait, since the event loop reads, or another thread: the caller
     * then waits to be woken, as ever. Whoever calls this calls {@link #leave} when it waits no more. Holding no lock.
     */
    boolean await(long timeoutNs);

    /** Has a thread that waits here look again; false when it does not wait here. */
    boolean wake(Thread thread);

    /** The calling thread does not wait any more; it may come back soon. */
    void leave();

    /** Nobody who waits here will come back soon: the event loop is to read again, unless somebody does. */
    void giveBack();

    /** Whether the event loop does not read, but for a moment in between. */
    boolean isHere();

    /** Whether nobody misses what comes while no thread waits here: it concerns one session only, or only such threads. */
    void alone(boolean isAlone);

    /** Called every few milliseconds, on some thread, while {@link #isHere}. One at most. */
    void whileHere(Runnable look);
}
