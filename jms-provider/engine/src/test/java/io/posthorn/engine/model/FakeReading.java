package io.posthorn.engine.model;

import io.posthorn.engine.Reading;

/** What the engine says of threads that wait, in which nobody reads but the event loop. */
public final class FakeReading implements Reading {

    /** Whether a thread of the application reads, so that the event loop sleeps. */
    public boolean here;

    /** Whether whoever waits may read by himself. */
    public boolean alone;

    /** Whether a thread has waited and may come back, and nobody would read meanwhile. */
    public boolean waits;

    private Runnable look = () -> {};

    /** What comes now and then while a thread of the application reads. */
    public void look() {
        look.run();
    }

    @Override
    public boolean await(long timeoutNs) {
        waits = true;
        return false;
    }

    @Override
    public void leave() {
        waits = false;
    }

    @Override
    public boolean isHere() {
        return here;
    }

    @Override
    public void alone(boolean isAlone) {
        alone = isAlone;
    }

    @Override
    public void whileHere(Runnable told) {
        look = told;
    }
}
