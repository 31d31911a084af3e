package io.posthorn.engine.transport;

import io.netty.buffer.Unpooled;
import io.posthorn.engine.Reading;
import io.posthorn.engine.transport.route.ClientThreads;
import io.posthorn.engine.transport.route.PlainSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the one thread that waits for a connection read its socket, past the event loop. That is worth it while it waits
 * often, for little each time: the loop is asked to stop reading once the same thread was seen waiting {@value #WAITS_LEAST} times in a
 * row, each within the time between two looks, and reads again when nothing was read for as long, and the thread does other things,
 * when nothing comes for {@value #IDLE_LOOKS} looks, when what comes is a stream, or when somebody else is concerned. While the thread
 * does not wait, nobody reads; so all that waits for the loop then waits for two looks at most.
 *
 * <pre>
 * LOOP --waited often--> STOPPING --by the loop--> FREE <--await, leave--> HELD
 *   ^                                               |                       | recall
 *   +---------by the loop--- RETURNING <--recall----+<--------leave--- RECALLED
 * </pre>
 *
 * The end of the link leads to LOOP from everywhere. Who holds it is told by its selector, everybody else by being unparked; so whoever
 * begins to hold it, or ends, looks once more at what it waits for.
 */
final class DirectReader implements Reading {

    private static final Logger LOG = LoggerFactory.getLogger(DirectReader.class);

    static final int WAITS_LEAST = 16;

    /** So many waits in a row are needed at most, after it was not worth it again and again: now and then anything comes late. */
    private static final int WAITS_MOST = 256;

    /** It was worth it when so much was read before the loop had to read again. */
    private static final int READS_LEAST = 64;

    /** A thread that holds it reads whatever comes, so it is left alone until nothing has come for so many looks. */
    private static final int IDLE_LOOKS = 20;

    /** A read that fills this is part of a stream, which the loop reads while the application works. */
    private static final int CHUNK = 16 << 10;

    /** Where nobody holds it; a {@link Hold} stands for HELD and RECALLED. */
    private enum Place {
        LOOP,
        STOPPING,
        FREE,
        RETURNING
    }

    /** A new one each time that a thread begins to wait, so that one is never taken for another. */
    private record Hold(Thread thread, boolean recalled) {}

    private final Turn turn;
    private final long lookNs;

    /** A place or a hold. */
    private final AtomicReference<Object> state = new AtomicReference<>(Place.LOOP);

    private volatile boolean alone;

    /** Null when there is none that could be read here. Changed in the turn. */
    private volatile SocketLink link;

    private volatile Selector selector;
    private volatile Runnable look = () -> {};

    /** Who waits to be woken, and so must not be left alone. */
    private final Set<Thread> outside = ConcurrentHashMap.newKeySet();

    /** How many times anything was read; changed by the holder. */
    private volatile long reads;

    private volatile long readsAtStart;

    /** How often the loop was asked to stop reading; changed in the turn. */
    private volatile long stay;

    /** How often the same thread waited in a row. Approximate: threads that wait at the same time disturb each other. */
    private Thread candidate;

    private int waits;
    private long lastWaitNs;
    private volatile int waitsNeeded = WAITS_LEAST;

    /** What the holder reads into; made with the selector. */
    private ByteBuffer chunk;

    /** Set by the selection. */
    private boolean readable;

    /** Looks so often whether a thread of the application still reads, and takes waits that are no further apart for often. */
    DirectReader(Turn turn, long lookNs) {
        this.turn = turn;
        this.lookNs = lookNs;
    }

    // In the turn.

    /** The link is open, over a socket that may be read here. */
    void attach(SocketLink opened) {
        link = opened;
    }

    /** The link has ended, if it was the one. */
    void detach(SocketLink ended) {
        if (link != ended) {
            return;
        }
        link = null;
        state.set(Place.LOOP);
        Selector unused = selector;
        selector = null;
        if (unused != null) {
            try {
                unused.close(); // wakes the holder
            } catch (IOException e) {
                LOG.warn("A selector could not be closed", e);
            }
        }
    }

    /** On the event loop, which has been asked to stop reading. */
    private void stopReading(SocketLink of, Thread asked) {
        if (link != of || state.get() != Place.STOPPING) {
            return;
        }
        try {
            PlainSocket socket = (PlainSocket) of.channel();
            prepare(socket.socket());
            socket.config().setAutoRead(false);
            readsAtStart = reads;
            state.set(Place.FREE);
            long now = stay + 1;
            stay = now;
            lookLater(of, now, reads, 0);
            LockSupport.unpark(asked); // it waits, perhaps, to be told by the loop
            if (!alone) {
                recall();
            }
        } catch (IOException e) {
            LOG.debug("The event loop reads on", e);
            waitsNeeded = WAITS_MOST;
            state.set(Place.LOOP);
        }
    }

    private void prepare(SocketChannel socket) throws IOException {
        if (selector == null) {
            Selector opened = Selector.open();
            try {
                socket.register(opened, SelectionKey.OP_READ);
            } catch (IOException e) {
                opened.close();
                throw e;
            }
            chunk = ByteBuffer.allocateDirect(CHUNK);
            selector = opened;
        }
    }

    /** On the event loop, which has been asked to read again. */
    private void readAgain(SocketLink of) {
        if (link == of && state.compareAndSet(Place.RETURNING, Place.LOOP)) {
            of.channel().config().setAutoRead(true);
            of.onReadComplete(); // what was left to the looks is the loop's again
        }
    }

    // Without the turn, on any thread.

    @Override
    public boolean await(long timeoutNs) {
        Thread self = Thread.currentThread();
        while (true) {
            Object now = state.get();
            if (now instanceof Hold hold && hold.thread == self) {
                if (hold.recalled || self.isInterrupted()) {
                    leave();
                } else {
                    read(timeoutNs);
                }
                return true;
            }
            if (now == Place.FREE && !self.isInterrupted()) {
                if (state.compareAndSet(now, new Hold(self, false))) {
                    outside.remove(self);
                    return true;
                }
            } else {
                outside.add(self);
                if (now == Place.LOOP) {
                    askFor(self);
                    return false;
                }
                if (state.get() == now) {
                    return false;
                }
            }
        }
    }

    private void askFor(Thread self) {
        SocketLink seen = link;
        if (alone && seen != null && isOften(self) && outside.size() == 1) {
            if (state.compareAndSet(Place.LOOP, Place.STOPPING)) {
                waits = 0;
                turn.execute(() -> stopReading(seen, self));
            }
        }
    }

    private boolean isOften(Thread self) {
        long nowNs = System.nanoTime();
        if (self != candidate || nowNs - lastWaitNs > lookNs) {
            candidate = self;
            waits = 0;
        }
        lastWaitNs = nowNs;
        return ++waits >= waitsNeeded;
    }

    @Override
    public boolean wake(Thread thread) {
        if (!(state.get() instanceof Hold hold) || hold.thread != thread) {
            return false;
        }
        if (thread != Thread.currentThread()) {
            rouse();
        }
        return true;
    }

    private void rouse() {
        Selector selecting = selector;
        if (selecting != null) {
            selecting.wakeup();
        }
    }

    @Override
    public void leave() {
        Thread self = Thread.currentThread();
        outside.remove(self);
        Object now = state.get();
        while (now instanceof Hold hold && hold.thread == self) {
            if (state.compareAndSet(now, hold.recalled ? Place.RETURNING : Place.FREE)) {
                if (hold.recalled) {
                    returnToLoop();
                }
            }
            now = state.get();
        }
        if (now == Place.FREE && !outside.isEmpty()) {
            giveBack();
        }
    }

    private void returnToLoop() {
        SocketLink of = link;
        if (of != null) {
            turn.execute(() -> readAgain(of));
        }
    }

    @Override
    public void giveBack() {
        if (state.compareAndSet(Place.FREE, Place.RETURNING)) {
            judge();
            returnToLoop();
        }
    }

    private void recall() {
        Object now = state.get();
        while (now == Place.FREE || now instanceof Hold held && !held.recalled) {
            if (now instanceof Hold hold) {
                if (state.compareAndSet(now, new Hold(hold.thread, true))) {
                    rouse();
                    return;
                }
            } else if (state.compareAndSet(Place.FREE, Place.RETURNING)) {
                returnToLoop();
                return;
            }
            now = state.get();
        }
    }

    @Override
    public boolean isHere() {
        Object now = state.get();
        return now == Place.FREE || now instanceof Hold;
    }

    @Override
    public void alone(boolean isAlone) {
        alone = isAlone;
        if (!isAlone) {
            recall();
        }
    }

    @Override
    public void whileHere(Runnable told) {
        look = told;
    }

    private void lookLater(SocketLink of, long atStay, long readsBefore, int idle) {
        ClientThreads.schedule(() -> lookNow(of, atStay, readsBefore, idle), lookNs);
    }

    private void lookNow(SocketLink of, long atStay, long readsBefore, int idle) {
        if (link != of || stay != atStay || !isHere()) {
            return;
        }
        long now = reads;
        boolean quiet = now == readsBefore;
        if (quiet && (state.get() == Place.FREE || idle >= IDLE_LOOKS)) {
            judge();
            recall();
        } else {
            look.run();
            lookLater(of, atStay, now, quiet ? idle + 1 : 0);
        }
    }

    /** Changing over costs two wake-ups of the loop. */
    private void judge() {
        boolean wasWorthIt = reads - readsAtStart >= READS_LEAST;
        waitsNeeded = wasWorthIt ? WAITS_LEAST : Math.min(WAITS_MOST, 4 * waitsNeeded);
    }

    // By the holder.

    private void read(long timeoutNs) {
        Selector selecting = selector;
        SocketLink from = link;
        if (selecting == null || from == null) {
            leave();
            return;
        }
        readable = false;
        try {
            long timeoutMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNs));
            selecting.select(key -> readable = true, timeoutMs);
            if (readable) {
                countRead();
                take(from);
            }
        } catch (ClosedSelectorException e) {
            leave(); // the link has ended, and all was told
        } catch (IOException | RuntimeException | Error e) {
            turn.runHere(() -> from.onFailure(e)); // as on the loop; it is not the application's
        }
    }

    private void countRead() {
        long count = reads + 1;
        reads = count;
    }

    private void take(SocketLink from) throws IOException {
        chunk.clear();
        int length = ((PlainSocket) from.channel()).socket().read(chunk);
        if (length < 0) {
            turn.runHere(from::onInactive);
        } else if (length > 0) {
            turn.runHere(() -> from.onReadHere(Unpooled.copiedBuffer(chunk.flip())));
            if (length == CHUNK) {
                judge();
                recall();
            }
        }
    }
}
