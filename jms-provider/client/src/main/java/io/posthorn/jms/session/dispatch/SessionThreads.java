package io.posthorn.jms.session.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that sessions share. A session with work waits in one row; a worker takes the first, and the next one before it sleeps.
 * One worker at a time is on its way; when it has arrived and there is still a session that waits, it calls the next, as long as fewer
 * work than there are processors. So quick listeners wake few threads. Those that block do not count: a {@link Watcher} sees who waits,
 * or has done nothing for a millisecond, and calls more, as many as there are sessions that wait if need be ({@link Growth}).
 *
 * <p>Workers are not daemons while there is a session that keeps the JVM alive. When that changes, and when the last session of a
 * context class loader has gone, there is a new crew, and those of the old one end after what they do: so nothing that an application
 * left on a thread outlives it. Without sessions there are no threads. The monitor guards all fields.
 */
final class SessionThreads {

    private static final Logger LOG = LoggerFactory.getLogger(SessionThreads.class);

    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(5);

    /** Those of the JVM. */
    static final SessionThreads JVM =
            new SessionThreads(new Growth(Math.max(2, Runtime.getRuntime().availableProcessors())), IDLE_NS);

    private final long idleNs;
    private final Claims claims = new Claims();
    private final Growth growth;

    /** Those with work that no worker has taken yet. */
    private final Deque<Dispatcher> row = new ArrayDeque<>();

    /** The one that worked last is called first, so that few are kept warm; those that read are the last. */
    private final Deque<Worker> idle = new ArrayDeque<>();

    private final Set<Worker> workers = new HashSet<>();

    private volatile Crew crew = new Crew(true);
    private int made;

    private int arriving;
    private int working;
    private int stuck;

    /** Whether somebody waits in the row. */
    private volatile boolean awaited;

    private long put;
    private long taken;

    private Watcher watcher;

    /** As many workers may run at the same time as {@code growth} says; one without work ends after {@code idleNs}, unless no other is idle. */
    SessionThreads(Growth growth, long idleNs) {
        this.growth = growth;
        this.idleNs = idleNs;
    }

    // For sessions.

    /** A worker is there when this returns, or an error says why not. */
    void claim(Dispatcher dispatcher, boolean keepsJvmAlive, ClassLoader loader) {
        List<PoolThread> called;
        synchronized (this) {
            if (dispatcher.isEnded() || dispatcher.isClaiming() && (!keepsJvmAlive || dispatcher.isKeepingJvmAlive())) {
                return;
            }
            boolean renewed = claims.add(dispatcher, keepsJvmAlive, loader) || crew.size == 0;
            called = renewed ? newCrew() : List.of();
        }
        called.forEach(this::rouseOrThrow);
    }

    void letJvmEnd(Dispatcher dispatcher) {
        List<PoolThread> called;
        synchronized (this) {
            if (!dispatcher.isKeepingJvmAlive()) {
                return;
            }
            boolean renewed = claims.add(dispatcher, false, dispatcher.loader());
            called = renewed ? newCrew() : List.of();
        }
        called.forEach(this::rouse);
    }

    void giveUp(Dispatcher dispatcher, boolean forGood) {
        List<PoolThread> called;
        synchronized (this) {
            if (row.remove(dispatcher)) {
                dispatcher.drop();
                onTaken();
            }
            boolean renewed = claims.remove(dispatcher, forGood);
            called = renewed ? newCrew() : List.of();
        }
        called.forEach(this::rouse);
    }

    /** From now on others do the work; those who sleep are called to end. */
    private List<PoolThread> newCrew() {
        crew = new Crew(!claims.keepJvmAlive());
        for (Worker worker : idle) {
            worker.call();
            worker.idle = false;
        }
        List<PoolThread> called = new ArrayList<>(idle);
        idle.clear();
        if (!claims.isEmpty()) {
            called.add(summon());
        } else if (watcher != null) {
            if (watcher.asleep) {
                called.add(watcher);
            }
            watcher = null;
        }
        return called;
    }

    void enqueue(Dispatcher dispatcher) {
        PoolThread called;
        synchronized (this) {
            if (!dispatcher.isClaiming()) {
                dispatcher.drop();
                return;
            }
            add(dispatcher);
            called = balance();
        }
        rouse(called);
    }

    private void add(Dispatcher dispatcher) {
        row.addLast(dispatcher);
        put++;
        awaited = true;
    }

    // For workers.

    long idleNs() {
        return idleNs;
    }

    boolean isCurrent(Crew crewOfWorker) {
        return crew == crewOfWorker;
    }

    /** Whether a session waits for a worker. */
    boolean isAwaited() {
        return awaited;
    }

    /**
     * The worker has done what it did, and gets the next; null when it is to sleep, or is over. All in one, so that a signal for what it
     * has just left wakes the same worker, and not another.
     */
    Dispatcher next(Worker worker, Dispatcher done, boolean unfinished) {
        Dispatcher next = null;
        PoolThread called;
        synchronized (this) {
            leave(worker);
            boolean isOld = worker.crew() != crew;
            if (done != null && done.finish(unfinished || isOld)) {
                add(done);
            }
            if (isOld) {
                end(worker);
            } else {
                next = take(worker);
            }
            called = balance();
        }
        rouse(called);
        return next;
    }

    private void leave(Worker worker) {
        if (worker.arriving) {
            worker.arriving = false;
            arriving--;
        }
        if (worker.working) {
            worker.working = false;
            working--;
        }
        if (worker.stuck) {
            worker.stuck = false;
            stuck--;
        }
    }

    private Dispatcher take(Worker worker) {
        Dispatcher next = row.pollFirst();
        if (next == null) {
            worker.stays = idle.isEmpty();
            worker.idle = true;
            if (worker.isReading()) {
                idle.addFirst(worker); // others are not to take it away
            } else {
                idle.addLast(worker);
            }
        } else {
            onTaken();
            worker.working = true;
            working++;
        }
        return next;
    }

    private void onTaken() {
        awaited = !row.isEmpty();
        taken++;
    }

    private void end(Worker worker) {
        worker.over = true;
        if (workers.remove(worker)) {
            worker.crew().size--;
        }
    }

    /** A worker has been idle for long, and is over unless it was called meanwhile. */
    synchronized void endIdle(Worker worker) {
        if (idle.remove(worker)) {
            worker.idle = false;
            end(worker);
        }
    }

    // Who is called.

    /** Whom to rouse, after anything has changed: nobody while one is on its way, since it will look again when it has arrived. */
    private PoolThread balance() {
        if (row.isEmpty() || arriving > 0) {
            return null;
        }
        return working - stuck < growth.enough() ? summon() : summonWatcher();
    }

    private Worker summon() {
        Worker worker = pollIdle();
        if (worker == null) {
            int number = ++made;
            worker = PoolThread.make(() -> new Worker(this, number, crew, crew.daemons));
            workers.add(worker);
            crew.size++;
        }
        worker.call();
        worker.arriving = true;
        arriving++;
        return worker;
    }

    /** The one who says so, if it is idle: it has read what the session is to get. */
    private Worker pollIdle() {
        if (Thread.currentThread() instanceof Worker self && self.idle && idle.remove(self)) {
            self.idle = false;
            return self;
        }
        Worker last = idle.pollLast();
        if (last != null) {
            last.idle = false;
        }
        return last;
    }

    private PoolThread summonWatcher() {
        if (watcher != null && !watcher.asleep) {
            return null;
        }
        if (watcher == null) {
            watcher = PoolThread.make(() -> new Watcher(this, idleNs));
        }
        watcher.call();
        return watcher;
    }

    private void rouse(PoolThread called) {
        if (called == null) {
            return;
        }
        try {
            rouseOrThrow(called);
        } catch (OutOfMemoryError e) {
            LOG.error("cannot start a thread for message listeners; they wait for those that there are", e);
        }
    }

    private void rouseOrThrow(PoolThread called) {
        try {
            called.rouse();
        } catch (OutOfMemoryError e) {
            onGone(called);
            throw e;
        }
    }

    /** The thread could not be started, or is at its end, whatever the cause. */
    synchronized void onGone(PoolThread thread) {
        if (thread instanceof Worker worker) {
            leave(worker);
            end(worker);
        } else if (watcher == thread) {
            watcher = null;
        }
    }

    // For the watcher.

    /** Calls whoever is missing; false when the watcher is to end. */
    boolean look(Watcher looking) {
        List<PoolThread> called = new ArrayList<>();
        synchronized (this) {
            if (watcher != looking) {
                return false;
            }
            if (watcher.asleep) {
                watcher = null; // nobody has called it for long
                return false;
            }
            lookAtWorkers();
            long overdue = watcher.countOverdue(put, taken);
            if (arriving == 0) {
                for (int more = growth.more(overdue, working, stuck); more > 0; more--) {
                    called.add(summon());
                }
                PoolThread other = balance();
                if (other != null) {
                    called.add(other);
                }
            }
            watcher.onLook(row.isEmpty());
        }
        called.forEach(this::rouse);
        return true;
    }

    private void lookAtWorkers() {
        int waiting = 0;
        for (Worker worker : workers) {
            boolean isStuck = !worker.hasProgressed() && worker.working;
            if (isStuck != worker.stuck) {
                worker.stuck = isStuck;
                stuck += isStuck ? 1 : -1;
            }
            if (worker.working && !isStuck && worker.getState() != Thread.State.RUNNABLE) {
                waiting++;
            }
        }
        growth.sample(working - stuck, waiting);
    }

    /** The workers that go on after what they do at the moment. */
    static final class Crew {
        private final boolean daemons;
        private int size;

        Crew(boolean daemons) {
            this.daemons = daemons;
        }
    }
}
