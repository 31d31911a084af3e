package io.posthorn.engine.connection;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.command.AckBatch;
import io.posthorn.engine.command.Command;
import io.posthorn.engine.transport.Transport;
import io.posthorn.engine.waiting.Written;
import io.posthorn.wire.frame.ClientFrame;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * What application threads want sent, in order. Putting in and waking are apart, so that things can be put in under a
 * session's lock and somebody be got to carry them after it: the thread itself, if they follow nothing closely, or the event loop, which is
 * woken once for all that has gathered. Any thread puts in; only who has the turn takes out, until the end, when whoever comes fails
 * what is left.
 *
 * <p>What nobody waits for is not worth a write of its own: an acknowledgement lies here until something else goes, or for
 * a moment; what belongs to a transaction until its end, if it is not much. A message of a stream, with many under way whose confirmation
 * is near, lies here until more of them are worth a write, until that confirmation comes, or for a moment as well.
 */
final class Outbox {

    private static final int CHUNK = 256;

    /** So much is worth a write by the event loop, while the application makes the rest: of a transaction, too, before its end. */
    private static final int BATCH_LEAST = 8;

    /** Who sends one thing right after the other sends a stream: so many more go by the event loop at most, however it goes on. */
    private static final int STREAM_MOST = 32;

    /** So many more for each that follows another one. Who sends at a steady rate is late now and then, and makes up for it. */
    private static final int STREAM_STEP = 4;

    /** What comes so much later than the last does not follow it: it would have been confirmed on one machine if somebody had waited. */
    private static final long APART_NS = TimeUnit.MICROSECONDS.toNanos(100);

    /**
     * How soon the event loop, which has just been here, looks again for what nobody waits for. Netty's loop does not sleep when a task is
     * due within half a millisecond; so this is more, and put off each time.
     */
    private static final long VISIT_MS = 2;

    /** How long that may lie here while the server talks on. */
    private static final long OVERDUE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final MpscUnboundedAtomicArrayQueue<Object> queue = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Transport transport;
    private final Carrier carrier;
    private final Written written;
    private volatile EngineException end;

    /** Whether acknowledgements may wait for something else at all. */
    private final boolean lags;

    /** Something is here that has to go now. */
    private volatile boolean urgent;

    /** A message of a stream is here. */
    private volatile boolean streamed;

    /** So much is worth a write while a stream is under way, and whoever has put in the last of it carries it. 0 while there is none. */
    private volatile int share;

    /** An acknowledgement is here, and the event loop would not look by itself. */
    private volatile boolean acknowledged;

    /** The event loop will look without being asked. */
    private volatile boolean visited;

    /** How many more go by the event loop; whoever is about to carry counts, more or less. */
    private volatile int stream;

    /** Has it not look. */
    private Runnable cancelVisit = () -> {};

    /** When what was there was taken out last. */
    private volatile long takenNs;

    /** {@code lags} when an acknowledgement may go a moment later. */
    Outbox(Transport transport, Carrier carrier, Written written, boolean lags) {
        this.lags = lags;
        this.transport = transport;
        this.carrier = carrier;
        this.written = written;
        transport.reading().whileHere(this::look);
    }

    /** Who takes out what is here, beginning with {@link #awake} or {@link #taken}. */
    interface Carrier {

        /** Carries all, on the event loop. */
        void drain();

        /** Whether any command is under way but acknowledgements that nobody waits for. On any thread; may be wrong by now. */
        boolean hasUnderWay();

        /** Carries all on this thread, unless something stands against it. */
        boolean tryHere();
    }

    void add(Command command) {
        if (woken.get()) {
            streams();
        }
        queue.add(command);
        urgent();
    }

    /** Puts in a message that is confirmed at once; while many such are under way, several go together. */
    void addToStream(Command command) {
        if (woken.get()) {
            streams();
        }
        queue.add(command);
        if (!streamed) {
            streamed = true;
        }
    }

    /** Puts in what nobody waits for; it may go a moment later. */
    void addForSoon(Command command) {
        putForSoon(command);
    }

    /** Puts in acknowledgements that nobody waits for; more may be added until they are taken out. */
    void addForSoon(AckBatch batch) {
        putForSoon(batch);
    }

    private void putForSoon(Object item) {
        queue.add(item);
        if (!visited && !acknowledged) {
            acknowledged = true;
        }
    }

    /** Puts in a part of a transaction; it may go with the end of that. */
    void addToTransaction(Command command) {
        queue.add(command);
        if (!isLittle()) {
            urgent();
        }
    }

    private void urgent() {
        if (!urgent) {
            urgent = true;
        }
    }

    /** Somebody wants to know what becomes of something that was put in. */
    void hurry() {
        urgent();
        wake();
    }

    /** Puts in a frame without a number; it is made when its turn comes, and is null when it is of no use any more. */
    void ask(Supplier<ClientFrame> question) {
        queue.add(question);
        urgent();
    }

    /** Has what is there carried now, if any of it is urgent or it is enough: on this thread, or by the event loop, unless that is on its way. */
    void wake() {
        if (end != null) {
            failRest();
        } else if ((urgent || acknowledged || isShare()) && !queue.isEmpty()) {
            boolean here = isForThisThread() && carrier.tryHere();
            if (!here) {
                wakeLoop();
            }
        }
    }

    private boolean isForThisThread() {
        if (share != 0) {
            return isShare() && !woken.get();
        }
        return (urgent || streamed) && isAlone();
    }

    /** Whether as much of a stream is here as is worth a write. */
    private boolean isShare() {
        return streamed && putCount() - takenCount() >= share;
    }

    /** How much is worth a write from now on. In the turn. */
    void share(int count) {
        if (share != count) {
            share = count;
        }
        if (count != 0 && !visited) {
            expectVisit();
        }
    }

    int share() {
        return share;
    }

    /** Whether what is here follows nothing that is still under way, as far as that can be seen. */
    private boolean isAlone() {
        if (woken.get()) {
            return false;
        }
        if (!isLittle() || follows()) {
            streams();
            return false;
        }
        int left = stream;
        if (left != 0) {
            stream = left - 1;
        }
        return left == 0;
    }

    private void streams() {
        int left = stream;
        if (left != STREAM_MOST) {
            stream = Math.min(STREAM_MOST, left + STREAM_STEP);
        }
    }

    /** Whether something is under way that what is here comes right behind. It may be confirmed late, so it counts when the last one went. */
    private boolean follows() {
        return carrier.hasUnderWay() && transport.nanoTime() - takenNs < APART_NS;
    }

    private boolean isLittle() {
        return putCount() - takenCount() < BATCH_LEAST;
    }

    /** Has the event loop come for what is there, unless it is on its way. */
    void wakeLoop() {
        if (end != null) {
            failRest();
        } else if (!woken.get() && !queue.isEmpty() && woken.compareAndSet(false, true)) {
            transport.execute(carrier::drain);
        }
    }

    /** The event loop is here: what is put in from now on wakes it again. */
    void awake() {
        woken.set(false);
        expectMore(acknowledged);
        taken();
    }

    /** All that is there is about to be taken out. */
    void taken() {
        takenNs = transport.nanoTime();
        if (urgent) {
            urgent = false;
        }
        if (streamed) {
            streamed = false;
        }
        if (acknowledged) {
            acknowledged = false;
        }
    }

    /** Whether what is there should go now. In the turn. */
    boolean isDue() {
        return urgent || isShare() || !queue.isEmpty() && transport.nanoTime() - takenNs >= OVERDUE_NS;
    }

    /**
     * When messages have come, acknowledgements will: the event loop looks for them by itself, a moment after it was here for anything, so that nobody
     * need wake it. In the turn.
     */
    void expectMore(boolean acknowledgements) {
        if (acknowledgements && lags || visited) {
            expectVisit();
        }
    }

    private void expectVisit() {
        visited = true;
        cancelVisit.run();
        cancelVisit = transport.reading().isHere() ? () -> {} : transport.schedule(this::visit, VISIT_MS);
    }

    /** While the event loop sleeps and a thread of the application reads, somebody else looks. On any thread. */
    private void look() {
        if (visited) {
            wakeLoop();
        }
    }

    private void visit() {
        visited = false;
        if (end == null && share != 0) {
            expectVisit();
        }
        if (end == null && !queue.isEmpty()) {
            expectMore(true);
            carrier.drain();
        }
    }

    /** A {@link Command}, a supplier of a frame, or null. */
    Object poll() {
        return end == null ? takeOut() : null;
    }

    private Object takeOut() {
        Object item = queue.poll();
        return item instanceof AckBatch batch ? batch.take() : item;
    }

    /** How much of what was put in has been written. */
    Written written() {
        return written;
    }

    /** How much was put in so far, all in all. */
    long putCount() {
        return queue.currentProducerIndex();
    }

    /** How much was taken out so far, all in all. */
    long takenCount() {
        return queue.currentConsumerIndex();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Nothing is sent any more: all that is there, and all that comes, fails. In the turn. */
    void end(EngineException cause) {
        end = cause;
        failRest();
    }

    private void failRest() {
        while (true) {
            Object item;
            synchronized (this) {
                item = takeOut();
            }
            if (item == null) {
                return;
            }
            if (item instanceof Command command) {
                command.outcome().settle(0, end);
            }
        }
    }
}
