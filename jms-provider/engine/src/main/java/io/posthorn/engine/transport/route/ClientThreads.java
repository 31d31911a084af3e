package io.posthorn.engine.transport.route;

import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that all connections of this JVM share. They are daemons, are made with the first connection that needs them and end soon
 * after the last one. None keeps anything of whoever happened to come first: neither the context class loader, nor the access control
 * context with the classes on the stack, nor inheritable thread locals.
 */
public final class ClientThreads {

    private static final Logger LOG = LoggerFactory.getLogger(ClientThreads.class);

    /** More loops than this would only wake each other up: a client's work is small. */
    private static final int LOOP_COUNT =
            Math.max(1, Math.min(2, Runtime.getRuntime().availableProcessors() / 2));

    private static final int BLOCKING_COUNT_MAX = 8;
    private static final int BLOCKING_IDLE_SECONDS = 5;

    private static final LoopLease NETWORK = new LoopLease(ClientThreads::networkLoops);
    private static final LoopLease LOCAL = new LoopLease(ClientThreads::localLoops);

    private ClientThreads() {}

    /** A loop for sockets, until {@link #giveBackNetworkLoop}. */
    public static EventLoop takeNetworkLoop() {
        return NETWORK.take();
    }

    public static void giveBackNetworkLoop() {
        NETWORK.giveBack();
    }

    /** A loop for channels inside of this JVM, until {@link #giveBackLocalLoop}. */
    public static EventLoop takeLocalLoop() {
        return LOCAL.take();
    }

    public static void giveBackLocalLoop() {
        LOCAL.giveBack();
    }

    /**
     * Runs a task on a loop, or, for whoever comes so late that the loop has ended, on the one thread that Netty keeps for such cases, which
     * ends by itself: so it runs in any case, and still one at a time.
     */
    public static void execute(EventLoop loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("A task comes after the end of its loop", e);
            GlobalEventExecutor.INSTANCE.execute(task);
        }
    }

    /** Whether this thread is where {@link #execute} runs the tasks of this loop. */
    public static boolean runs(EventLoop loop) {
        return loop.inEventLoop() || loop.isShutdown() && GlobalEventExecutor.INSTANCE.inEventLoop();
    }

    /** Runs a short task later, on a thread that sleeps until then, to the microsecond, as a loop does not. */
    public static void schedule(Runnable task, long delayNs) {
        GlobalEventExecutor.INSTANCE.schedule(task, delayNs, TimeUnit.NANOSECONDS);
    }

    /** For what may block. */
    public static Executor blocking() {
        return Blocking.POOL;
    }

    /**
     * Ends the threads that no connection uses, instead of a little later; for whoever takes the classes of this client away. Waits for the
     * loops, within a bound.
     */
    public static void endUnused() {
        NETWORK.endUnused();
        LOCAL.endUnused();
        Blocking.endIdle();
    }

    /** Netty 4.2 has another class for this, which 4.1 lacks; this client runs with both. */
    @SuppressWarnings("deprecation")
    private static EventLoopGroup networkLoops() {
        return new NioEventLoopGroup(LOOP_COUNT, daemons("posthorn-client-"));
    }

    /** As above. A loop of its own kind, since a loop for sockets need not take local channels. */
    @SuppressWarnings("deprecation")
    private static EventLoopGroup localLoops() {
        return new DefaultEventLoopGroup(LOOP_COUNT, daemons("posthorn-client-vm-"));
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> OrphanThreads.make(() -> {
            Thread thread = new FastThreadLocalThread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(ClientThreads.class.getClassLoader());
            return thread;
        });
    }

    private static final class Blocking {
        private static final ThreadPoolExecutor POOL = pool();

        /** Those that wait for work find that they have waited long enough. */
        static void endIdle() {
            POOL.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
            POOL.setKeepAliveTime(BLOCKING_IDLE_SECONDS, TimeUnit.SECONDS);
        }

        private static ThreadPoolExecutor pool() {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    BLOCKING_COUNT_MAX,
                    BLOCKING_COUNT_MAX,
                    BLOCKING_IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    daemons("posthorn-connect-"));
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }
}
