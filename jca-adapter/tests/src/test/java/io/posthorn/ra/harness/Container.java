package io.posthorn.ra.harness;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.XATerminator;
import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Timer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts a resource adapter and gives it threads, which stay when it is gone, as a server's do. */
public final class Container implements BootstrapContext, WorkManager, AutoCloseable {

    private static final int THREADS = 40;

    private final ResourceAdapter adapter;
    private final ExecutorService threads;
    private final boolean ownsThreads;

    private Container(ResourceAdapter adapter, ExecutorService threads, boolean ownsThreads) throws ResourceException {
        this.adapter = adapter;
        this.threads = threads;
        this.ownsThreads = ownsThreads;
        adapter.start(this);
    }

    public static Container start(ResourceAdapter adapter) throws ResourceException {
        return new Container(adapter, newThreads(), true);
    }

    public static Container start(ResourceAdapter adapter, ExecutorService threads) throws ResourceException {
        return new Container(adapter, threads, false);
    }

    /** Threads as a server has them: there before any adapter, so that they keep nothing of it. */
    public static ExecutorService newThreads() {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "container-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.prestartAllCoreThreads();
        return pool;
    }

    @Override
    public void close() {
        adapter.stop();
        if (ownsThreads) {
            threads.shutdownNow();
        }
    }

    @Override
    public WorkManager getWorkManager() {
        return this;
    }

    @Override
    public XATerminator getXATerminator() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Timer createTimer() {
        return new Timer("container-timer", true);
    }

    @Override
    public boolean isContextSupported(Class<? extends WorkContext> type) {
        return false;
    }

    @Override
    public TransactionSynchronizationRegistry getTransactionSynchronizationRegistry() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void doWork(Work work) {
        work.run();
    }

    @Override
    public void doWork(Work work, long startTimeoutMs, ExecutionContext context, WorkListener listener) {
        work.run();
    }

    @Override
    public long startWork(Work work) {
        threads.execute(work);
        return 0;
    }

    @Override
    public long startWork(Work work, long startTimeoutMs, ExecutionContext context, WorkListener listener) {
        return startWork(work);
    }

    @Override
    public void scheduleWork(Work work) {
        threads.execute(work);
    }

    @Override
    public void scheduleWork(Work work, long startTimeoutMs, ExecutionContext context, WorkListener listener) {
        threads.execute(work);
    }
}
