package io.posthorn.engine.connection;

import io.posthorn.engine.ConnectionOptions;
import io.posthorn.engine.EngineConnection;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.LongBodies;
import io.posthorn.engine.Pending;
import io.posthorn.engine.Reading;
import io.posthorn.engine.command.Command;
import io.posthorn.engine.command.CommandLog;
import io.posthorn.engine.command.SessionStanding;
import io.posthorn.engine.reconnect.LinkKeeper;
import io.posthorn.engine.reconnect.Listeners;
import io.posthorn.engine.transport.Link;
import io.posthorn.engine.transport.Transport;
import io.posthorn.engine.waiting.Patience;
import io.posthorn.engine.waiting.Promise;
import io.posthorn.engine.waiting.Threads;
import io.posthorn.engine.waiting.Window;
import io.posthorn.engine.waiting.Written;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection over as many links as it takes. Application threads leave commands in the outbox and wait for outcomes; the
 * event loop numbers, sends, receives, resumes and ends; but when nothing is under way, a thread carries its command itself.
 *
 * <p>Resuming, on the event loop: each session says what it holds and begins new generations; what waits in the outbox
 * goes into the log; the log says what must be sent again; consumers get credit again.
 */
public final class ResumingConnection implements EngineConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ResumingConnection.class);

    // What sessions and consumers share.
    final Patience patience;
    final Window window;
    final Outbox outbox;
    final Inbox inbox;
    final Listeners listeners;
    final Greeting greeting;

    private final Transport transport;
    private final LinkKeeper keeper;
    private final Courier courier;
    private final BranchQuestions questions;
    private final BodyTransfers transfers = new BodyTransfers(this);
    private final Map<Long, ResumingSession> sessions = new ConcurrentSkipListMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();

    /** The first link is there, or there will be none. */
    private final Promise opened;

    private final Promise ended;

    /** The end of the connection will wait for what is closed from now on. */
    private volatile boolean closingSoon;

    /** Changed under this object's monitor, under which sessions' locks may be taken. */
    private volatile boolean started;

    /** Why there is no connection any more; null while there is. */
    private volatile EngineException end;

    private ResumingConnection(
            Transport transport, ConnectionOptions options, Threads threads, RandomGenerator chance, Login login) {
        this.transport = transport;
        UUID id = new UUID(chance.nextLong(), chance.nextLong());
        greeting = new Greeting(id, login.user(), login.password(), login.clientId(), options.heartbeatMs());
        keeper = new LinkKeeper(transport, options, chance, new LinkOwner());
        patience = new Patience(transport, threads, options, this::state);
        window = new Window(options.windowBytes(), patience, this::end);
        outbox = new Outbox(transport, new Carrier(), new Written(patience), options.acknowledgementLagMs() != 0);
        Holds holds = new Holds(transport, patience, outbox, window);
        CommandLog log = new CommandLog(
                command -> {
                    if (command.isMessage()) {
                        window.confirmed(command.messageLength());
                    }
                },
                window::release,
                holds);
        courier = new Courier(outbox, log, holds);
        questions = new BranchQuestions(outbox, patience);
        inbox = new Inbox(log, questions, holds, transfers);
        listeners = new Listeners("posthorn-notices-" + id, threads);
        opened = promise("the first link to a server");
        ended = promise("the end of the connection");
    }

    /**
     * Who wants to connect; each part may be null.
     *
     * @param user name of the user
     * @param password of the user
     * @param clientId client identifier to claim
     */
    public record Login(String user, String password, String clientId) {

        /** Leaves out the password. */
        @Override
        public String toString() {
            return "Login[user=" + user + ", clientId=" + clientId + "]";
        }
    }

    /**
     * Connects, trying each address of the transport, as many rounds as the options say. The transport is released when the connection ends, also when
     * it never begins. {@code chance} gives the connection's identifier and spreads its pauses.
     */
    public static ResumingConnection open(
            Transport transport, ConnectionOptions options, Threads threads, RandomGenerator chance, Login login)
            throws EngineException {
        ResumingConnection connection = new ResumingConnection(transport, options, threads, chance, login);
        transport.execute(connection.keeper::start);
        try {
            boolean once = options.initialConnectAttempts() == 1;
            long boundMs = options.initialConnectBoundMs(transport.addressCount());
            connection.opened.await(once ? "connectTimeout" : "initialConnectTimeout", boundMs);
        } catch (EngineException e) {
            connection.finish();
            throw e;
        }
        return connection;
    }

    @Override
    public UUID serverId() {
        return greeting.server().server();
    }

    @Override
    public UUID id() {
        return greeting.connection();
    }

    @Override
    public String serverProduct() {
        return greeting.server().product();
    }

    @Override
    public long messageLengthMax() {
        return greeting.server().messageLengthMax();
    }

    @Override
    public Reading reading() {
        return transport.reading();
    }

    @Override
    public LongBodies longBodies() {
        return transfers;
    }

    @Override
    public Pending identify(String clientId) {
        Promise identified = promise("the client identifier '" + clientId + "'");
        outbox.add(Command.of(new ClientFrame.Identify(0, clientId), (value, failure) -> {
            if (failure == null) {
                greeting.identified(clientId);
            }
            identified.settle(value, failure);
        }));
        outbox.wake();
        return identified;
    }

    @Override
    public EngineSession openSession() {
        ResumingSession session = new ResumingSession(this, nextId());
        sessions.put(session.id(), session);
        patience.audience().sessions(1);
        outbox.add(Command.of(new ClientFrame.OpenSession(0, session.id()), (value, failure) -> {
            if (failure != null && end == null) {
                LOG.warn("The server did not open a session: {}", failure.getMessage());
            }
        }));
        outbox.wake();
        return session;
    }

    @Override
    public Pending createTemporary(Address address) {
        return request(new ClientFrame.CreateTemporary(0, address), "the creation of " + address);
    }

    @Override
    public Pending deleteTemporary(Address address) {
        return request(new ClientFrame.DeleteTemporary(0, address), "the deletion of " + address);
    }

    @Override
    public Pending unsubscribe(String subscription) {
        return request(new ClientFrame.Unsubscribe(0, subscription), "the end of subscription '" + subscription + "'");
    }

    @Override
    public Pending prepare(BranchId branch) {
        return request(new ClientFrame.XaPrepare(0, branch), "the preparation of branch " + branch);
    }

    @Override
    public Pending commit(BranchId branch, boolean onePhase) {
        return request(new ClientFrame.XaCommit(0, branch, onePhase), "the commit of branch " + branch);
    }

    @Override
    public Pending rollback(BranchId branch) {
        Pending done = request(new ClientFrame.XaRollback(0, branch), "the rollback of branch " + branch);
        sessions.values().forEach(session -> session.onRollback(branch));
        return done;
    }

    @Override
    public Pending forget(BranchId branch) {
        return request(new ClientFrame.XaForget(0, branch), "the forgetting of branch " + branch);
    }

    private Promise request(ClientFrame frame, String what) {
        Promise done = promise(what);
        outbox.add(Command.of(frame, done));
        outbox.wake();
        return done;
    }

    @Override
    public List<BranchId> recover() throws EngineException {
        return questions.ask();
    }

    @Override
    public synchronized void start() {
        started = true;
        sessions.values().forEach(ResumingSession::restart);
        outbox.wake();
        if (end == null) {
            transport.execute(() -> sessions.values().forEach(ResumingSession::signalAll));
        }
    }

    @Override
    public synchronized void stop() {
        started = false;
        sessions.values().forEach(ResumingSession::giveBackUnstarted);
        outbox.wake();
    }

    @Override
    public void onLost(Consumer<EngineException> listener) {
        listeners.onLost(listener);
    }

    @Override
    public boolean isLost() {
        return end != null && end.code() != ErrorCode.CLOSED;
    }

    @Override
    public void onInterruption(InterruptionListener listener) {
        listeners.onInterruption(listener);
    }

    @Override
    public void closeSoon() {
        closingSoon = true;
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        sessions.values().forEach(ResumingSession::end);
        Promise closed = request(new ClientFrame.Close(0), "the end of the connection");
        if (patience.mustNotWait()) {
            closed.whenDone((value, failure) -> finish());
            transport.schedule(this::finish, patience.options().closeTimeoutMs());
        } else {
            awaitEnd(closed);
            finish();
        }
    }

    /** Ends it on this side, and waits for that, if it may. */
    private void finish() {
        EngineException cause = new EngineException(ErrorCode.CLOSED, "the connection is closed");
        if (patience.mustNotWait()) {
            end(cause);
            release();
            return;
        }
        if (end == null) {
            transport.execute(() -> end(cause));
            awaitEnd(ended);
        }
        release();
    }

    private void release() {
        if (released.compareAndSet(false, true)) {
            transport.release();
        }
    }

    /** Nothing is sent or received any more; whoever waits is told why. On the event loop. */
    private void end(EngineException cause) {
        if (end != null) {
            return;
        }
        end = cause;
        keeper.end();
        courier.end(cause);
        questions.end(cause);
        transfers.onEnd();
        window.wakeAll();
        sessions.values().forEach(ResumingSession::signalAll);
        opened.settle(0, cause);
        ended.settle(0, null);
    }

    boolean isStarted() {
        return started;
    }

    /** Why there is no connection any more; null while there is. */
    EngineException end() {
        return end;
    }

    /** A number that no other session, consumer or question of this connection has. */
    long nextId() {
        return ids.incrementAndGet();
    }

    /** On the event loop, unless the connection has ended. */
    void execute(Runnable task) {
        if (end == null) {
            transport.execute(task);
        }
    }

    /** {@code what} is waited for, in the text of errors. */
    Promise promise(Object what) {
        return new Promise(what, patience);
    }

    /** Waits for the end of a part of the connection, unless the end of all of it follows. */
    void awaitClose(Promise done) {
        if (!closingSoon) {
            awaitEnd(done);
        }
    }

    /** Waits for the end of something, for at most the close timeout. How it went changes nothing. */
    private void awaitEnd(Promise done) {
        if (!patience.mustNotWait()) {
            try {
                done.await("closeTimeout", patience.options().closeTimeoutMs());
            } catch (EngineException e) {
                LOG.debug("Closing went on without an answer: {}", e.getMessage());
            }
        }
    }

    /** The session is closed at the server. */
    void forget(ResumingSession session) {
        if (sessions.remove(session.id()) != null) {
            patience.audience().sessions(-1);
        }
    }

    // On the event loop.

    private String state() {
        return end == null ? keeper.state() : end.getMessage();
    }

    /** Who carries what is in the outbox. */
    private final class Carrier implements Outbox.Carrier {

        @Override
        public void drain() {
            courier.drain();
        }

        @Override
        public boolean hasUnderWay() {
            return courier.hasUnderWay();
        }

        @Override
        public boolean tryHere() {
            return transport.tryHere(courier::drainHere);
        }
    }

    private EngineException resume(Link link, ServerFrame.Connected now, String address) {
        ServerFrame.Connected before = greeting.server();
        EngineException refusal = courier.resume(link, before, now, this::standings);
        if (refusal != null) {
            return refusal;
        }
        greeting.met(now);
        if (before == null) {
            opened.settle(0, null);
            return null;
        }
        sessions.values().forEach(ResumingSession::restart);
        questions.askAgain();
        inbox.holds().onResumed(now.lastCommand());
        transfers.onResumed();
        courier.drain();
        listeners.resumed(address);
        return null;
    }

    private List<SessionStanding> standings(boolean sameRun) {
        return sessions.values().stream()
                .map(session -> session.standing(sameRun))
                .toList();
    }

    /** What the keeper of the link tells. */
    private final class LinkOwner implements LinkKeeper.Owner {

        @Override
        public ClientFrame.Connect greeting() {
            return greeting.frame(courier.lastConfirmed());
        }

        @Override
        public EngineException onConnected(Link link, ServerFrame.Connected connected, String address) {
            return resume(link, connected, address);
        }

        @Override
        public void onFrame(ServerFrame frame) {
            frame.dispatch(inbox);
        }

        @Override
        public void onBurstEnd() {
            outbox.expectMore(inbox.onBurstEnd());
            courier.drainIfDue();
        }

        @Override
        public void onInterrupted(String cause) {
            courier.down();
            listeners.interrupted(cause);
        }

        @Override
        public void onGivenUp(EngineException cause) {
            boolean wasOpen = opened.isDone();
            end(cause);
            if (wasOpen) {
                release();
                if (!closing.get()) {
                    LOG.warn("{}", cause.getMessage());
                    listeners.lost(cause);
                }
            }
        }
    }
}
