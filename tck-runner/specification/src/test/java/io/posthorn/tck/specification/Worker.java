package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Site.WAIT_MS;
import static org.awaitility.Awaitility.await;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A thread that does one thing beside the test's own, and what came of it. */
final class Worker<T> {

    private static final Set<Thread.State> IDLE = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private final FutureTask<T> task;
    private final Thread thread;

    private Worker(Callable<T> work) {
        task = new FutureTask<>(work);
        thread = new Thread(task, "worker");
        thread.setDaemon(true);
    }

    static <T> Worker<T> start(Callable<T> work) {
        Worker<T> worker = new Worker<>(work);
        worker.thread.start();
        return worker;
    }

    static Worker<Void> run(Action action) {
        return start(() -> {
            action.run();
            return null;
        });
    }

    /** Waits until the thread itself waits for something. */
    Worker<T> awaitWaiting() {
        await().until(() -> IDLE.contains(thread.getState()) || task.isDone());
        return this;
    }

    boolean isDone() {
        return task.isDone();
    }

    /** What the work gave, once it is done; what it threw, as the cause. */
    T result() throws ExecutionException, TimeoutException, InterruptedException {
        return task.get(WAIT_MS, TimeUnit.MILLISECONDS);
    }

    /** Something to do that may fail. */
    interface Action {
        void run() throws Exception;
    }
}
