package io.posthorn.engine.waiting;

import io.posthorn.engine.Reading;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who is concerned by what comes to a connection, so that it is known whether it may be read by whoever waits. Where there are
 * listeners and several sessions, a session may need what comes while the thread of another one, which could read it, does something else.
 * Safe from any thread.
 */
public final class Audience {

    private final Reading reading;
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger listeners = new AtomicInteger();

    Audience(Reading reading) {
        this.reading = reading;
    }

    /** So many more sessions are open. */
    public void sessions(int more) {
        sessions.addAndGet(more);
        judge();
    }

    /** A consumer has a listener from now on, or has none; {@code before} keeps what it had. */
    public void listens(AtomicBoolean before, boolean now) {
        if (before.getAndSet(now) != now) {
            listeners.addAndGet(now ? 1 : -1);
            judge();
        }
    }

    /** One after the other, so that the last word is the right one. */
    private synchronized void judge() {
        reading.alone(listeners.get() == 0 || sessions.get() == 1);
    }
}
