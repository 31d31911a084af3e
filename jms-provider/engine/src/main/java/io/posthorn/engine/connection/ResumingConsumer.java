package io.posthorn.engine.connection;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.Outcome;
import io.posthorn.engine.command.Command;
import io.posthorn.engine.command.ConsumerRef;
import io.posthorn.engine.command.Generation;
import io.posthorn.engine.command.SessionStanding.ConsumerStanding;
import io.posthorn.engine.delivery.Holding;
import io.posthorn.engine.delivery.Intake;
import io.posthorn.engine.delivery.SeenEntries;
import io.posthorn.engine.waiting.Promise;
import io.posthorn.engine.waiting.Signal;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.Envelope;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer or browser over all links of its connection. The event loop puts deliveries into the {@link Intake} of the
 * current generation; the application takes them out under the session's lock, which also guards everything that is not
 * volatile here, but for {@code touched}, which is the event loop's.
 */
final class ResumingConsumer implements EngineConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(ResumingConsumer.class);

    private final ResumingConnection connection;
    private final ResumingSession session;
    private final ConsumerRef ref;
    private final Credit credit;
    private final Holding holding = new Holding();
    private final Signal signal;

    /** Null unless this is a browser. */
    private final SeenEntries seen;

    private final AtomicBoolean listening = new AtomicBoolean();
    private final AtomicReference<Consumer<EngineException>> closedListener = new AtomicReference<>();

    private boolean attached;
    private boolean touched;
    private volatile Intake intake = new Intake();
    private volatile boolean closed;
    private volatile EngineException closedByServer;

    ResumingConsumer(ResumingConnection connection, ResumingSession session, ConsumerRef ref, int prefetch) {
        this.connection = connection;
        this.session = session;
        this.ref = ref;
        this.signal = new Signal(connection.patience);
        this.credit = new Credit(this, connection, prefetch);
        this.seen = ref.source().mode() == Source.Mode.BROWSE ? new SeenEntries() : null;
    }

    ConsumerRef ref() {
        return ref;
    }

    @Override
    public EngineSession session() {
        return session;
    }

    @Override
    public Delivery receive(long timeoutNs) throws EngineException, InterruptedException {
        Delivery first = poll();
        if (first != null) {
            return first;
        }
        return new TimedReceive(this, connection).receive(timeoutNs);
    }

    @Override
    public boolean awaitAvailable(long timeoutNs) throws EngineException, InterruptedException {
        return isAvailable() || new TimedReceive(this, connection).awaitAvailable(timeoutNs);
    }

    @Override
    public void giveBack() {
        session.giveBack(this);
    }

    /** Whether something waits; if not, the next arrival is signalled. */
    boolean isAvailable() {
        session.lock();
        try {
            if (closed || !connection.isStarted()) {
                return false;
            }
            Intake current = intake;
            if (current.isEmpty()) {
                signal.arm();
                if (current.isEmpty()) {
                    credit.onEmpty();
                    return false;
                }
                signal.disarm();
            }
            return true;
        } finally {
            session.unlock();
            connection.outbox.wake();
        }
    }

    /** Whether there will be nothing any more; an error when that is nobody's wish here. */
    boolean isOver() throws EngineException {
        EngineException cause = closedByServer;
        EngineException end = connection.end();
        if (cause == null && end != null && end.code() != ErrorCode.CLOSED) {
            cause = end;
        }
        if (cause != null) {
            throw new EngineException(cause.code(), cause.getMessage(), cause);
        }
        return closed || end != null;
    }

    /** Without prefetching, one may come for whoever waits. */
    void demand() {
        if (credit.isClosed()) {
            session.lock();
            try {
                credit.grantOne();
            } finally {
                session.unlock();
            }
            connection.outbox.wake();
        }
    }

    @Override
    public Delivery poll() {
        session.acknowledgements().awaitWritten();
        session.lock();
        try {
            return closed || !connection.isStarted() ? null : take();
        } finally {
            session.unlock();
            connection.outbox.wake();
        }
    }

    private Delivery take() {
        Intake current = intake;
        while (true) {
            Delivery delivery = current.take();
            if (delivery == null) {
                signal.arm();
                delivery = current.take();
                if (delivery == null) {
                    credit.onEmpty();
                    return null;
                }
                signal.disarm();
            }
            credit.topUp();
            if (handOver(delivery)) {
                return delivery;
            }
        }
    }

    /** Counts it as handed over. False when it is to be passed over. */
    private boolean handOver(Delivery delivery) {
        if (seen != null && !seen.add(delivery.entry())) {
            return false;
        }
        Envelope envelope = Envelope.of(delivery.envelope());
        long expirationMs = envelope.expiration();
        boolean isExpired = expirationMs != 0 && expirationMs <= connection.patience.nowMs();
        if (seen == null && isExpired) {
            session.acknowledgements().add(ref, delivery.entry(), envelope.persistent());
        } else if (seen == null) {
            holding.add(delivery.entry(), session.isInBranch(), envelope.persistent());
        }
        return !isExpired;
    }

    @Override
    public void onAvailable(Runnable listener) {
        signal.listener(listener);
        connection.patience.audience().listens(listening, listener != null);
        if (listener != null) {
            // Who begins to listen is told of what came before, and otherwise of the first that comes.
            // What came and was recalled since may come again, now that somebody would be told.
            connection.execute(() -> {
                signal.arm();
                if (intake.isEmpty()) {
                    restart();
                } else {
                    signal.ring();
                }
            });
        }
    }

    @Override
    public boolean exhausted() {
        Intake current = intake;
        return credit.isAtEnd(current) && current.isEmpty();
    }

    @Override
    public void onClosedByServer(Consumer<EngineException> listener) {
        closedListener.set(listener);
        tellClosed();
    }

    private void tellClosed() {
        EngineException cause = closedByServer;
        Consumer<EngineException> listener = cause == null ? null : closedListener.getAndSet(null);
        if (listener != null) {
            connection.listeners.tell(() -> listener.accept(cause));
        }
    }

    @Override
    public void close() {
        Promise detached = detach();
        if (detached != null) {
            connection.awaitClose(detached);
        }
    }

    /** Closes without waiting; null when it was closed before. */
    Promise detach() {
        Promise detached = connection.promise("the end of a consumer");
        session.lock();
        try {
            if (closed) {
                return null;
            }
            addDetach(detached);
        } finally {
            session.unlock();
        }
        connection.inbox.forget(this);
        connection.outbox.wake();
        signal.wakeWaiter();
        return detached;
    }

    private void addDetach(Outcome outcome) {
        session.add(Command.about(ref, new ClientFrame.Detach(0, ref.id(), holding.all()), null, outcome));
        session.onConsumerClosed(this);
    }

    /** The session is closed, or this consumer alone: nothing comes any more. Under the session's lock. */
    void markClosed() {
        closed = true;
        connection.patience.audience().listens(listening, false);
        intake = new Intake();
    }

    boolean isOpen() {
        return !closed;
    }

    boolean isAttached() {
        return attached;
    }

    Intake intake() {
        return intake;
    }

    Credit credit() {
        return credit;
    }

    // What the session asks for, under its lock.

    /** The command that opens this consumer, for the first time or again; then it holds something. */
    Command attachment(EntryRanges held, Outcome outcome) {
        ClientFrame.Attach attach = new ClientFrame.Attach(0, ref.session(), ref.id(), 0, ref.source(), held);
        return Command.about(ref, attach, intake.generation(), outcome);
    }

    /** What the application has of it. */
    Holding holding() {
        return holding;
    }

    Command acknowledgement(EntryRanges entries, boolean transacted, boolean forced, Outcome outcome) {
        return Command.about(ref, new ClientFrame.Acknowledge(0, ref.id(), transacted, forced, entries), null, outcome)
                .withUnlogged(holding.takeUnlogged(entries));
    }

    /** Gives back what was not handed over, and gets nothing until there is credit again. */
    void giveBackUnstarted() {
        if (!closed && seen == null && intake.wasGranted()) {
            renew();
            session.add(attachment(holding.all(), this::onAttachedAgain));
        }
    }

    /** Gives back everything, what was handed over as an attempt, and lets it come again. */
    void release() {
        EntryRanges attempted = holding.takeAll();
        EntryRanges unlogged = holding.takeUnlogged(attempted);
        ClientFrame.Release release = new ClientFrame.Release(0, ref.id(), 0, attempted);
        if (!closed && seen == null && (!attempted.isEmpty() || intake.wasGranted())) {
            renew();
            session.add(Command.about(ref, release, intake.generation(), Outcome.NONE)
                    .withUnlogged(unlogged));
            credit.restart();
        } else if (!attempted.isEmpty()) {
            session.add(
                    Command.about(ref, release, new Generation(), Outcome.NONE).withUnlogged(unlogged));
        }
    }

    /** Begins a generation; what waits of the old one is dropped. */
    private void renew() {
        intake = new Intake();
        signal.wakeWaiter();
    }

    /**
     * What is held when the link has ended; whatever was not handed over is dropped, it comes again. Of what was handed
     * over, another run of the server has only what is persistent.
     */
    ConsumerStanding standing(boolean sameRun) {
        if (!closed) {
            renew();
        }
        if (!sameRun) {
            holding.forgetUnlogged();
        }
        return new ConsumerStanding(ref, closed ? null : intake.generation(), holding.all(), this::onAttachedAgain);
    }

    // On the event loop.

    private void onAttachedAgain(long value, EngineException failure) {
        if (failure != null) {
            onClosedByServer(failure);
        }
    }

    void onAttached() {
        session.lock();
        try {
            attached = true;
        } finally {
            session.unlock();
        }
        restart();
    }

    /** Gets credit, if it may have any. On any thread. */
    void restart() {
        session.lock();
        try {
            credit.restart();
        } finally {
            session.unlock();
        }
        connection.outbox.wake();
    }

    /** Whether this is the first one in this read burst. */
    boolean onDeliver(ServerFrame.Deliver frame) {
        Intake current = intake;
        if (current.generation().number() != frame.generation()) {
            return false;
        }
        credit.onArrival(frame.envelope().length);
        current.put(new Delivery(this, frame.entry(), frame.attempts(), frame.redelivered(), frame.envelope()));
        boolean isFirst = !touched;
        touched = true;
        return isFirst;
    }

    void onBurstEnd() {
        touched = false;
        signal.ring();
    }

    Signal signal() {
        return signal;
    }

    void onDrained(ServerFrame.Drained frame) {
        session.lock();
        try {
            if (intake.generation().number() == frame.generation()) {
                intake.onDrained(frame.token());
                credit.topUp();
            }
        } finally {
            session.unlock();
        }
        signal.wakeWaiter();
    }

    /**
     * Gives back what nobody has begun with. There is no credit until the application looks for more, or the same messages
     * would come again; where somebody waits, nothing lies idle.
     */
    void onRecall(ServerFrame.Recall frame) {
        session.lock();
        try {
            boolean isWaitedFor = signal.isArmed() && intake.isEmpty();
            if (intake.generation().number() == frame.generation() && !isWaitedFor) {
                credit.shrink();
                giveBackUnstarted();
            }
        } finally {
            session.unlock();
        }
        connection.outbox.wake();
    }

    void onClosedByServer(EngineException cause) {
        session.lock();
        try {
            if (closed || connection.end() != null) {
                return;
            }
            closedByServer = cause;
            addDetach(Outcome.NONE); // it may not know the consumer any more; if it does, it is closed now
        } finally {
            session.unlock();
        }
        tellClosed();
        LOG.info("The server closed a consumer of {}: {}", ref.source().address(), cause.getMessage());
        connection.inbox.forget(this);
        connection.outbox.wake();
        signal.fire();
    }
}
