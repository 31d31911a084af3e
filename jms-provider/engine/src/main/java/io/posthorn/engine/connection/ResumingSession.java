package io.posthorn.engine.connection;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.Outcome;
import io.posthorn.engine.Pending;
import io.posthorn.engine.command.Command;
import io.posthorn.engine.command.ConsumerRef;
import io.posthorn.engine.command.SessionStanding;
import io.posthorn.engine.command.SessionStanding.ConsumerStanding;
import io.posthorn.engine.waiting.Promise;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A session over all links of its connection. Its lock guards what its consumers hold and which generation they are in,
 * and orders the commands about that: they are put into the outbox under the lock, and the event loop is woken after it.
 * So at any moment a delivery is either held here, or named by a command that is in the outbox or the log.
 */
final class ResumingSession implements EngineSession {

    private final ResumingConnection connection;
    private final long id;

    /** Held for fields and for putting into the outbox; nothing else is locked under it. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Those that are open, and closed ones while the session holds deliveries of them. */
    private final Map<Long, ResumingConsumer> consumers = new LinkedHashMap<>();

    /** The branch that the session works in, or null. */
    private BranchId branch;

    /** The branch that was ended here last; null when it is rolled back. */
    private BranchId left;

    private final Acknowledgements acknowledgements;
    private final Sending sending;
    private volatile boolean closed;

    ResumingSession(ResumingConnection connection, long id) {
        this.connection = connection;
        this.id = id;
        this.acknowledgements = new Acknowledgements(connection);
        this.sending = new Sending(connection, id, acknowledgements);
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    /** Puts a command in order. Under the lock; the caller wakes the outbox after it. */
    void add(Command command) {
        assert lock.isHeldByCurrentThread();
        acknowledgements.endBatch();
        connection.outbox.add(command);
    }

    /** Whether what is handed over now belongs to a branch. Under the lock. */
    boolean isInBranch() {
        return branch != null;
    }

    @Override
    public Pending send(Address destination, byte[] envelope, boolean transacted, boolean awaited)
            throws EngineException {
        if (closed) {
            throw closedFailure();
        }
        return sending.send(destination, envelope, transacted, awaited);
    }

    @Override
    public void send(Address destination, byte[] envelope, boolean awaited, Outcome told) throws EngineException {
        if (closed) {
            throw closedFailure();
        }
        sending.send(destination, envelope, false, awaited, told);
    }

    private static EngineException closedFailure() {
        return new EngineException(ErrorCode.CLOSED, "the session is closed");
    }

    @Override
    public EngineConsumer attach(Source source) throws EngineException {
        return attach(source, connection.patience.options().prefetch());
    }

    @Override
    public EngineConsumer attachOnDemand(Source source) throws EngineException {
        return attach(source, 0);
    }

    private EngineConsumer attach(Source source, int prefetch) throws EngineException {
        Promise attached = connection.promise("a consumer of " + source.address());
        ResumingConsumer consumer =
                new ResumingConsumer(connection, this, new ConsumerRef(connection.nextId(), id, source), prefetch);
        connection.inbox.register(consumer);
        lock.lock();
        try {
            if (closed) {
                connection.inbox.forget(consumer);
                throw closedFailure();
            }
            consumers.put(consumer.ref().id(), consumer);
            add(consumer.attachment(EntryRanges.NONE, (value, failure) -> {
                if (failure == null) {
                    consumer.onAttached();
                } else {
                    onRefused(consumer);
                }
                attached.settle(value, failure);
            }));
        } finally {
            lock.unlock();
        }
        connection.outbox.wake();
        try {
            attached.await();
        } catch (EngineException e) {
            consumer.detach();
            throw e;
        }
        return consumer;
    }

    private void onRefused(ResumingConsumer consumer) {
        lock.lock();
        try {
            onConsumerClosed(consumer);
        } finally {
            lock.unlock();
        }
        connection.inbox.forget(consumer);
    }

    /** Under the lock. */
    void onConsumerClosed(ResumingConsumer consumer) {
        consumer.markClosed();
        forgetIfDone(consumer);
    }

    private void forgetIfDone(ResumingConsumer consumer) {
        if (!consumer.isOpen() && consumer.holding().isEmpty()) {
            consumers.remove(consumer.ref().id());
        }
    }

    @Override
    public Pending acknowledge(Delivery delivery, boolean forced) {
        ResumingConsumer consumer = own(delivery);
        lock.lock();
        try {
            if (!consumer.holding().remove(delivery.entry())) {
                return Promise.done(connection.patience); // acknowledged before, or given back
            }
            Promise settled;
            if (forced) {
                settled = connection.promise("an acknowledgement");
                add(consumer.acknowledgement(EntryRanges.of(delivery.entry()), false, true, settled));
                acknowledgements.added();
            } else {
                boolean isLogged = !consumer.holding().removeUnlogged(delivery.entry());
                settled = acknowledgements.add(consumer.ref(), delivery.entry(), isLogged);
            }
            forgetIfDone(consumer);
            return settled;
        } finally {
            lock.unlock();
            connection.outbox.wake();
        }
    }

    /** Those that nobody waits for. */
    Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    private ResumingConsumer own(Delivery delivery) {
        if (delivery.consumer() instanceof ResumingConsumer consumer
                && consumer.session().equals(this)) {
            return consumer;
        }
        throw new IllegalArgumentException("the delivery is of another session");
    }

    @Override
    public Pending acknowledgeAll(boolean forced) {
        return perform(() -> {
            List<Command> commands = new ArrayList<>();
            AllOf all = new AllOf(connection.promise("the acknowledgements of a session"));
            settleHeld(false, false, forced, all, commands);
            if (commands.isEmpty()) {
                return Promise.done(connection.patience);
            }
            all.expect(commands.size());
            commands.forEach(forced ? this::add : acknowledgements::add);
            return all.promise;
        });
    }

    /** Acknowledges what is held: all of it, or what was handed over in a branch. */
    private void settleHeld(
            boolean inBranchOnly, boolean transacted, boolean forced, Outcome outcome, List<Command> commands) {
        for (ResumingConsumer consumer : List.copyOf(consumers.values())) {
            EntryRanges held = inBranchOnly
                    ? consumer.holding().takeInBranch()
                    : consumer.holding().takeAll();
            if (!held.isEmpty()) {
                commands.add(consumer.acknowledgement(held, transacted, forced, outcome));
                forgetIfDone(consumer);
            }
        }
    }

    @Override
    public Pending commit() {
        return perform(() -> {
            List<Command> commands = new ArrayList<>();
            settleHeld(false, true, false, Outcome.NONE, commands);
            commands.forEach(this::add);
            return request(new ClientFrame.Commit(0, id), "the commit of a transaction");
        });
    }

    @Override
    public Pending rollback() {
        return perform(() -> {
            Promise done = request(new ClientFrame.Rollback(0, id), "the rollback of a transaction");
            releaseAll();
            return done;
        });
    }

    @Override
    public Pending recover() {
        return perform(() -> {
            releaseAll();
            return Promise.done(connection.patience);
        });
    }

    private void releaseAll() {
        for (ResumingConsumer consumer : List.copyOf(consumers.values())) {
            consumer.release();
            forgetIfDone(consumer);
        }
    }

    @Override
    public Pending xaStart(BranchId started, int flags, Delivery along) {
        return perform(() -> {
            Promise outcome = connection.promise("the start of branch " + started);
            branch = started;
            if (along != null) {
                own(along).holding().takeIntoBranch(along.entry());
            }
            add(Command.of(new ClientFrame.XaStart(0, id, started, flags), (value, failure) -> {
                if (failure != null) {
                    onBranchRefused();
                }
                outcome.settle(value, failure);
            }));
            return outcome;
        });
    }

    private void onBranchRefused() {
        lock.lock();
        try {
            branch = null;
            consumers.values().forEach(consumer -> consumer.holding().leaveBranch());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Pending xaEnd(BranchId ended, int flags) {
        return perform(() -> {
            if (ended.equals(branch)) {
                List<Command> commands = new ArrayList<>();
                settleHeld(true, true, false, Outcome.NONE, commands);
                commands.forEach(this::add);
                branch = null;
                left = ended;
            }
            return request(new ClientFrame.XaEnd(0, id, ended, flags), "the end of branch " + ended);
        });
    }

    /**
     * A branch is being rolled back. If it is the one that was ended here last, what was received in it has to come before
     * what was not handed over yet, and that is given back for it.
     */
    void onRollback(BranchId rolledBack) {
        lock.lock();
        try {
            if (!rolledBack.equals(left)) {
                return;
            }
            left = null;
            for (ResumingConsumer consumer : consumers.values()) {
                consumer.giveBackUnstarted();
                consumer.restart();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Pending xaTimeout(long seconds) {
        return perform(() -> request(new ClientFrame.XaTimeout(0, id, seconds), "a timeout for branches"));
    }

    private Promise request(ClientFrame frame, String what) {
        Promise done = connection.promise(what);
        add(Command.of(frame, done));
        return done;
    }

    /** Does something under the lock, unless the session is closed, and wakes the outbox after it. */
    private Pending perform(Action action) {
        lock.lock();
        try {
            if (closed) {
                Promise refused = connection.promise("a closed session");
                refused.settle(0, closedFailure());
                return refused;
            }
            return action.perform();
        } finally {
            lock.unlock();
            connection.outbox.wake();
        }
    }

    /** What is done under the lock. */
    @FunctionalInterface
    private interface Action {
        Pending perform();
    }

    @Override
    public void close() {
        Promise done = end();
        if (done != null) {
            connection.awaitClose(done);
        }
    }

    /** Closes without waiting; null when it was closed before. */
    Promise end() {
        Promise done = connection.promise("the end of a session");
        List<ResumingConsumer> ended;
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            closed = true;
            ended = List.copyOf(consumers.values());
            add(closeCommand(ended, done));
            consumers.clear();
            ended.forEach(ResumingConsumer::markClosed);
        } finally {
            lock.unlock();
        }
        connection.outbox.wake();
        for (ResumingConsumer consumer : ended) {
            connection.inbox.forget(consumer);
            consumer.signal().wakeWaiter();
        }
        return done;
    }

    private Command closeCommand(List<ResumingConsumer> ended, Promise done) {
        List<ClientFrame.Handed> handed = new ArrayList<>();
        List<ConsumerRef> holders = new ArrayList<>();
        for (ResumingConsumer consumer : ended) {
            EntryRanges held = consumer.holding().takeAll();
            if (!held.isEmpty()) {
                handed.add(new ClientFrame.Handed(consumer.ref().id(), held));
                holders.add(consumer.ref());
            }
        }
        return Command.closeSession(new ClientFrame.CloseSession(0, id, handed), holders, (value, failure) -> {
            connection.forget(this);
            done.settle(value, failure);
        });
    }

    long id() {
        return id;
    }

    /** The connection was started: lets messages come. The caller wakes the outbox and signals. */
    void restart() {
        openConsumers().forEach(ResumingConsumer::restart);
    }

    /** The connection was stopped: gives back what was not handed over. The caller wakes the outbox. */
    void giveBackUnstarted() {
        lock.lock();
        try {
            consumers.values().forEach(ResumingConsumer::giveBackUnstarted);
        } finally {
            lock.unlock();
        }
    }

    /** Gives back what one consumer was not handed. */
    void giveBack(ResumingConsumer consumer) {
        lock.lock();
        try {
            consumer.giveBackUnstarted();
        } finally {
            lock.unlock();
        }
        connection.outbox.wake();
    }

    /** Wakes who waits and tells who listens. */
    void signalAll() {
        openConsumers().forEach(consumer -> consumer.signal().fire());
    }

    private List<ResumingConsumer> openConsumers() {
        lock.lock();
        try {
            return consumers.values().stream().filter(ResumingConsumer::isOpen).toList();
        } finally {
            lock.unlock();
        }
    }

    /** What is held when the link has ended; consumers begin a new generation. */
    SessionStanding standing(boolean sameRun) {
        lock.lock();
        try {
            List<ConsumerStanding> standings = consumers.values().stream()
                    .map(consumer -> consumer.standing(sameRun))
                    .toList();
            List.copyOf(consumers.values()).forEach(this::forgetIfDone);
            return new SessionStanding(id, standings);
        } finally {
            lock.unlock();
        }
    }

    /** One outcome of several commands: the first failure, once the last of them is settled. */
    private static final class AllOf implements Outcome {

        private final Promise promise;
        private int left;
        private EngineException firstFailure;

        AllOf(Promise promise) {
            this.promise = promise;
        }

        synchronized void expect(int count) {
            left = count;
        }

        @Override
        public void settle(long value, EngineException failure) {
            synchronized (this) {
                firstFailure = firstFailure == null ? failure : firstFailure;
                left--;
                if (left > 0) {
                    return;
                }
            }
            promise.settle(0, firstFailure);
        }
    }
}
