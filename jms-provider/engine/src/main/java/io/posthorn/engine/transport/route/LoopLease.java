package io.posthorn.engine.transport.route;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Event loops that live while somebody uses them, and {@link #LINGER_MS} longer, so that a client that connects anew for each call does not
 * make threads anew. Safe from any thread; the monitor guards the fields.
 */
final class LoopLease {

    /** Long enough for what a connection leaves on its loop when it closes. */
    static final long LINGER_MS = 2_000;

    private static final long END_WITHIN_MS = 5_000;

    private final Supplier<EventLoopGroup> maker;
    private EventLoopGroup loops;
    private int users;

    LoopLease(Supplier<EventLoopGroup> maker) {
        this.maker = maker;
    }

    /** A loop, until {@link #giveBack}. */
    synchronized EventLoop take() {
        if (loops == null) {
            loops = maker.get();
        }
        users++;
        return loops.next();
    }

    synchronized void giveBack() {
        users--;
        if (users == 0) {
            EventLoopGroup unused = loops;
            unused.next().schedule(() -> endUnlessUsed(unused), LINGER_MS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void endUnlessUsed(EventLoopGroup unused) {
        if (users == 0 && loops != null && loops.equals(unused)) {
            loops = null;
            unused.shutdownGracefully(0, END_WITHIN_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends the loops now if nobody uses them, and waits for that, within a bound. */
    void endUnused() {
        EventLoopGroup unused;
        synchronized (this) {
            if (users > 0 || loops == null) {
                return;
            }
            unused = loops;
            loops = null;
        }
        unused.shutdownGracefully(0, END_WITHIN_MS, TimeUnit.MILLISECONDS);
        try {
            unused.awaitTermination(END_WITHIN_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
