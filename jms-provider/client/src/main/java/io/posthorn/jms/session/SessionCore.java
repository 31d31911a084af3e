package io.posthorn.jms.session;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.Pending;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.jms.session.dispatch.Dispatcher;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.Source;
import jakarta.jms.CompletionListener;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session (section 6.2), for whichever front. One thread at a time uses it, as the specification asks; {@link #close},
 * {@link #pause} and {@link #resume} may come from any thread at any time.
 */
public final class SessionCore {

    private static final Logger LOG = LoggerFactory.getLogger(SessionCore.class);

    private final String name;
    private final SessionHome home;
    private final EngineSession engine;
    private final SessionMode mode;
    private final Gate gate;
    private final Dispatcher dispatcher;
    private final Completions completions;
    private final Acknowledgement acknowledgement;
    private final SessionTransaction transaction;
    private final Assignment assignment = new Assignment(this);
    private final List<Intake> intakes = new CopyOnWriteArrayList<>();

    /** Grows whenever all that was handed over is given back, so that nobody acknowledges it afterwards. */
    private volatile long epoch;

    /** A new session; {@code paused} while the connection is stopped. The name is for logs. */
    public SessionCore(String name, SessionHome home, EngineSession engine, SessionMode mode, boolean paused) {
        this.name = name;
        this.home = home;
        this.engine = engine;
        this.mode = mode;
        gate = new Gate(name, paused);
        dispatcher = new Dispatcher(name, this::work, home.engine().reading());
        completions = new Completions(gate, dispatcher);
        acknowledgement = new Acknowledgement(home, engine, mode);
        transaction = new SessionTransaction(this, completions, acknowledgement);
    }

    public SessionHome home() {
        return home;
    }

    public EngineSession engine() {
        return engine;
    }

    public SessionMode mode() {
        return mode;
    }

    /** What was assigned to the session by a connection consumer (section 11.2). */
    public Assignment assignment() {
        return assignment;
    }

    public SessionTransaction transaction() {
        return transaction;
    }

    Gate gate() {
        return gate;
    }

    Acknowledgement acknowledgement() {
        return acknowledgement;
    }

    MessageListener distinguishedListener() {
        return assignment.listener();
    }

    long epoch() {
        return epoch;
    }

    public void checkOpen() throws JMSException {
        if (gate.isClosed()) {
            throw JmsErrors.closed("session");
        }
    }

    // Consuming

    /** Opens a consumer at the server. */
    public Intake open(Source source) throws JMSException {
        checkOpen();
        home.temporaries().onConsumerOpening(source.address());
        try {
            EngineConsumer consumer = engine.attach(source);
            Intake intake = new Intake(this, source.address(), consumer);
            intakes.add(intake);
            consumer.onClosedByServer(intake::onClosedByServer);
            return intake;
        } catch (EngineException e) {
            home.temporaries().onConsumerClosed(source.address());
            throw JmsErrors.of("cannot consume from " + source.address(), e);
        }
    }

    void onIntakeClosed(Intake intake) {
        forget(intake);
        onListenerGone();
    }

    /** Once for each, whoever closes it: its owner, or the session. */
    private void forget(Intake intake) {
        if (intakes.remove(intake)) {
            home.temporaries().onConsumerClosed(intake.address());
        }
    }

    void onListenerSet() {
        dispatcher.ensureRunning(true);
    }

    /** Without a listener there is no reason to keep the JVM alive, and without asynchronous sends none to keep a thread. */
    void onListenerGone() {
        for (Intake intake : intakes) {
            if (intake.isListening()) {
                return;
            }
        }
        acknowledgement.settle();
        if (completions.isEmpty()) {
            dispatcher.retire();
        } else {
            dispatcher.letJvmEnd();
        }
    }

    void signal() {
        dispatcher.signal();
    }

    /** Whether this thread is the dispatcher's, and not one that another takes over from. */
    boolean isDispatching() {
        return dispatcher.isCurrentWorker();
    }

    /** On the dispatcher: one callback, and one message for each listener, in turn. */
    private boolean work() {
        boolean worked = completions.runOne();
        Thread.interrupted(); // what one callback has left is not the next one's
        for (Intake intake : intakes) {
            worked |= intake.dispatchOne();
            Thread.interrupted();
        }
        if (!worked) {
            // beside the callbacks of sends another thread may be receiving, and be about to hand something over
            acknowledgement.settle();
        }
        return worked;
    }

    /**
     * A message whose {@code acknowledge} comes back to this session. Null when its body is not to be had, as it is somebody
     * else's by now: then it was never received.
     */
    public Message decode(Delivery delivery) throws JMSException {
        PosthornMessage message = home.coding().decode(delivery, home.engine().longBodies());
        if (message != null) {
            message.onAcknowledge(this::acknowledgeConsumed);
        }
        return message;
    }

    /**
     * Calls a listener, inside the gate, and acknowledges after it returned normally. When it throws, in modes in which
     * consuming acknowledges, the message comes again at once, counted and flagged (section 8.7).
     */
    void handOver(Delivery delivery, MessageListener listener) {
        long before = epoch;
        boolean inBranch = acknowledgement.inBranch();
        boolean consumed = false;
        acknowledgement.onListenerBegins(delivery);
        try {
            Message message = decode(delivery);
            if (message == null) {
                return;
            }
            consumed = callListener(message, listener);
        } catch (JMSException e) {
            LOG.warn("{}: a message is given back: {}", name, e.getMessage());
        }
        if (acknowledgement.onListenerEnds(inBranch) || epoch != before || inBranch) {
            // The listener recovered or rolled back and the message is not this session's any more; or the branch has
            // it.
            return;
        }
        if (consumed) {
            acknowledgement.onConsumed(delivery);
        } else if (acknowledgement.isAutomatic()) {
            giveBack();
        }
    }

    private boolean callListener(Message message, MessageListener listener) throws JMSException {
        try {
            listener.onMessage(message);
            return true;
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: the message listener failed on message {}", name, message.getJMSMessageID(), e);
            return false;
        }
    }

    /** Acknowledges what was consumed and gives back the rest, without waiting; a failure is reported. */
    void giveBack() {
        acknowledgement.settle();
        nextEpoch();
        engine.recover().whenDone((value, failure) -> {
            if (failure != null) {
                home.report("cannot give back messages that were not consumed", failure);
            }
        });
    }

    /** What was handed over so far is not the session's any more. */
    synchronized void nextEpoch() {
        epoch = epoch + 1;
        acknowledgement.forgetBatch();
    }

    /** {@code Message.acknowledge} and {@code JMSContext.acknowledge}: all that was consumed; nothing in modes other than CLIENT. */
    public void acknowledgeConsumed() throws JMSException {
        checkOpen();
        if (mode == SessionMode.CLIENT) {
            await("cannot acknowledge", engine.acknowledgeAll(true));
        }
    }

    // Sending

    /** Begins a send of {@code producer}'s, which is to be told of its outcome; the callback comes on the dispatcher. */
    public AsyncSend beginAsyncSend(Object producer, Address to, Message message, CompletionListener listener) {
        dispatcher.ensureRunning(false);
        return new AsyncSend(completions, producer, to, message, listener);
    }

    /** The engine has it. */
    public void onAsyncSend(AsyncSend send) {
        completions.add(send);
    }

    /** For a producer's close: waits until its asynchronous sends were called back. */
    public void awaitSends(Object producer) throws JMSException {
        if (gate.isCompleting(Thread.currentThread(), producer)) {
            throw JmsErrors.illegalState(
                    "a completion listener must not close its own producer; let another thread do it");
        }
        completions.awaitNone(producer);
    }

    /** Stops and starts again with the oldest message that is not acknowledged (section 6.2.10). */
    public void recover() throws JMSException {
        checkOpen();
        if (mode == SessionMode.TRANSACTED || mode == SessionMode.XA) {
            throw JmsErrors.illegalState("a transacted session is rolled back, not recovered");
        }
        nextEpoch();
        await("cannot recover", engine.recover());
    }

    private static void await(String doing, Pending outcome) throws JMSException {
        try {
            outcome.await();
        } catch (EngineException e) {
            throw JmsErrors.of(doing, e);
        }
    }

    // Life

    /** Keeps listeners out until {@link #resume}. */
    public void pause() {
        gate.pause();
    }

    /** Waits until the listener that is inside has returned, unless that is the caller. */
    public void awaitPaused() {
        gate.awaitNoListener();
    }

    public void resume() {
        gate.resume();
        dispatcher.signal();
    }

    /** Whether the caller is a listener of this session, or a connection consumer's. */
    public boolean isInsideListener() {
        return gate.isListening(Thread.currentThread());
    }

    public boolean isInsideCompletion() {
        return gate.isCompleting(Thread.currentThread());
    }

    public boolean isClosed() {
        return gate.isClosed();
    }

    /**
     * Closes (section 6.2.15): waits for the listener and the receives under way, for asynchronous sends and their
     * callbacks, each bounded, and rolls back. Refused inside the session's own listeners. Of several threads none returns
     * before that is done; repeated calls do nothing.
     */
    public void close() throws JMSException {
        if (gate.isClosed()) {
            return;
        }
        gate.refuseInsideCallback("close its own session");
        if (!gate.beginClose()) {
            gate.awaitCloseEnd();
            return;
        }
        try {
            closeParts();
        } finally {
            gate.endClose();
        }
    }

    private void closeParts() {
        gate.awaitNoListener();
        completions.awaitNone(null);
        acknowledgement.settle();
        for (Intake intake : intakes) {
            intake.wake();
        }
        gate.awaitNoReceive();
        gate.markClosed();
        engine.close();
        dispatcher.end();
        intakes.forEach(this::forget);
        home.onSessionClosed(this);
    }

    @Override
    public String toString() {
        return name;
    }
}
