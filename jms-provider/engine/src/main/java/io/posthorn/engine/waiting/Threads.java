package io.posthorn.engine.waiting;

import java.util.concurrent.locks.LockSupport;

/** What the engine wants from threads. A test that runs everything on its own thread puts in its own. */
public interface Threads {

    /** The threads of the JVM. */
    Threads JVM = new Threads() {
        @Override
        public void park(long timeoutNs) {
            LockSupport.parkNanos(this, timeoutNs);
        }

        @Override
        public void unpark(Thread thread) {
            LockSupport.unpark(thread);
        }

        @Override
        public void start(String name, Runnable task) {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.start();
        }
    };

    /** Stops the calling thread until it is unparked or interrupted or the time is over; it may also go on without reason. */
    void park(long timeoutNs);

    void unpark(Thread thread);

    /** Runs a task on a daemon thread of its own. */
    void start(String name, Runnable task);
}
