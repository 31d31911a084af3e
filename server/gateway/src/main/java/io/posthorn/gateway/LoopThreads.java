package io.posthorn.gateway;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads {@code posthorn-loop-0}, {@code posthorn-loop-1} and so on; daemons. */
final class LoopThreads implements ThreadFactory {

    private final AtomicInteger count = new AtomicInteger();

    @Override
    public Thread newThread(Runnable runnable) {
        Thread thread = new FastThreadLocalThread(runnable, "posthorn-loop-" + count.getAndIncrement());
        thread.setDaemon(true);
        return thread;
    }
}
