package io.posthorn.engine.transport.route;

import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that all connections of this JVM share. They are daemons, and are made with the first connection that needs
 * them. None keeps the class loader of the application that happened to come first.
 */
public final class ClientThreads {

    /** More loops than this would only wake each other up: a client's work is small. */
    private static final int LOOP_COUNT =
            Math.max(1, Math.min(2, Runtime.getRuntime().availableProcessors() / 2));

    private static final int BLOCKING_COUNT_MAX = 8;
    private static final int BLOCKING_IDLE_SECONDS = 5;

    private ClientThreads() {}

    /** A loop for sockets. */
    public static EventLoop networkLoop() {
        return Network.LOOPS.next();
    }

    /** A loop for channels inside of this JVM. */
    public static EventLoop localLoop() {
        return Local.LOOPS.next();
    }

    /** For what may block. */
    public static Executor blocking() {
        return Blocking.POOL;
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new FastThreadLocalThread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(ClientThreads.class.getClassLoader());
            return thread;
        };
    }

    private static final class Network {
        private static final EventLoopGroup LOOPS = loops();

        /** Netty 4.2 has another class for this, which 4.1 lacks; this client runs with both. */
        @SuppressWarnings("deprecation")
        private static EventLoopGroup loops() {
            return new NioEventLoopGroup(LOOP_COUNT, daemons("posthorn-client-"));
        }
    }

    private static final class Local {
        private static final EventLoopGroup LOOPS = loops();

        /** As above. A loop of its own kind, since a loop for sockets need not take local channels. */
        @SuppressWarnings("deprecation")
        private static EventLoopGroup loops() {
            return new DefaultEventLoopGroup(LOOP_COUNT, daemons("posthorn-client-vm-"));
        }
    }

    private static final class Blocking {
        private static final Executor POOL = pool();

        private static Executor pool() {
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
