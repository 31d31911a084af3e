package io.posthorn.jms.fake;

import io.posthorn.engine.EngineConnection;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.LongBodies;
import io.posthorn.engine.Pending;
import io.posthorn.engine.Reading;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** A connection to the fake. */
public final class FakeConnection implements EngineConnection {

    /** Longest envelope, small so that a test can be above it. */
    public static final long LENGTH_MAX = 100_000;

    private final FakeServer server;
    private final UUID id = UUID.randomUUID();
    private final List<FakeSession> sessions = new ArrayList<>();
    private final List<Address> temporaries = new ArrayList<>();
    private String clientId;
    private Consumer<EngineException> lostListener;
    private boolean started;
    private boolean closed;
    private boolean lost;

    FakeConnection(FakeServer server) {
        this.server = server;
    }

    FakeServer server() {
        return server;
    }

    String clientId() {
        return clientId;
    }

    boolean isDelivering() {
        return started && !closed && !lost;
    }

    public boolean isClosed() {
        synchronized (server) {
            return closed;
        }
    }

    /** Loses the connection for good, as when resumption is given up. */
    public void lose() {
        Consumer<EngineException> listener;
        synchronized (server) {
            lost = true;
            listener = lostListener;
            server.notifyAll();
        }
        listener.accept(new EngineException(ErrorCode.CONNECTION_LOST, "the server is gone"));
    }

    /** Closes the consumers of a destination, as a server does that deletes it. */
    public void closeConsumers(Address address) {
        List<FakeConsumer> consumers = new ArrayList<>();
        synchronized (server) {
            sessions.forEach(session -> consumers.addAll(session.consumersOf(address)));
        }
        consumers.forEach(FakeConsumer::closeByServer);
    }

    @Override
    public UUID serverId() {
        return server.id;
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public String serverProduct() {
        return "fake 1.0";
    }

    @Override
    public long messageLengthMax() {
        return LENGTH_MAX;
    }

    @Override
    public Reading reading() {
        return Reading.NEVER;
    }

    @Override
    public LongBodies longBodies() {
        return server.bodies;
    }

    @Override
    public Pending identify(String wanted) {
        return answer(() -> {
            if (!server.clientIds.add(wanted)) {
                throw new EngineException(ErrorCode.INVALID_CLIENT_ID, "'" + wanted + "' is in use");
            }
            clientId = wanted;
            return 0;
        });
    }

    @Override
    public EngineSession openSession() {
        synchronized (server) {
            FakeSession session = new FakeSession(this);
            sessions.add(session);
            return session;
        }
    }

    @Override
    public Pending createTemporary(Address address) {
        return answer(() -> {
            server.temporaries.add(address);
            temporaries.add(address);
            return 0;
        });
    }

    @Override
    public Pending deleteTemporary(Address address) {
        return answer(() -> {
            server.temporaries.remove(address);
            temporaries.remove(address);
            return 0;
        });
    }

    @Override
    public Pending unsubscribe(String subscription) {
        return answer(() -> {
            server.unsubscribe(this, subscription);
            return 0;
        });
    }

    @Override
    public Pending prepare(BranchId branch) {
        return answer(() -> {
            FakeBranch work = require(branch);
            if (work.active) {
                throw new EngineException(ErrorCode.XA_PROTOCOL, "the branch is not ended");
            }
            if (work.isEmpty()) {
                server.branches.remove(branch);
                return 3;
            }
            work.prepared = true;
            return 0;
        });
    }

    @Override
    public Pending commit(BranchId branch, boolean onePhase) {
        return answer(() -> {
            FakeBranch work = require(branch);
            if (work.active || work.prepared == onePhase) {
                throw new EngineException(ErrorCode.XA_PROTOCOL, "the branch is not in that state");
            }
            server.branches.remove(branch);
            work.onCommit.forEach(Runnable::run);
            return 0;
        });
    }

    @Override
    public Pending rollback(BranchId branch) {
        return answer(() -> {
            FakeBranch work = require(branch);
            server.branches.remove(branch);
            work.onRollback.forEach(Runnable::run);
            return 0;
        });
    }

    @Override
    public Pending forget(BranchId branch) {
        return answer(() -> {
            require(branch);
            return 0;
        });
    }

    private FakeBranch require(BranchId branch) throws EngineException {
        FakeBranch work = server.branches.get(branch);
        if (work == null) {
            throw new EngineException(ErrorCode.XA_UNKNOWN, "there is no branch " + branch);
        }
        return work;
    }

    @Override
    public List<BranchId> recover() throws EngineException {
        synchronized (server) {
            checkUsable();
            List<BranchId> prepared = new ArrayList<>();
            server.branches.forEach((branch, work) -> {
                if (work.prepared) {
                    prepared.add(branch);
                }
            });
            return prepared;
        }
    }

    Pending answer(Command command) {
        synchronized (server) {
            try {
                checkUsable();
                return FakePending.of(command.run());
            } catch (EngineException e) {
                return FakePending.failed(e);
            }
        }
    }

    void checkUsable() throws EngineException {
        if (lost) {
            throw new EngineException(ErrorCode.CONNECTION_LOST, "the server is gone");
        }
        if (closed) {
            throw new EngineException(ErrorCode.CLOSED, "the connection is closed");
        }
    }

    @Override
    public void start() {
        synchronized (server) {
            started = true;
            server.notifyAll();
            sessions.forEach(FakeSession::announce);
        }
    }

    @Override
    public void stop() {
        synchronized (server) {
            started = false;
        }
    }

    @Override
    public void onLost(Consumer<EngineException> listener) {
        synchronized (server) {
            lostListener = listener;
        }
    }

    @Override
    public boolean isLost() {
        synchronized (server) {
            return lost;
        }
    }

    @Override
    public void onInterruption(InterruptionListener listener) {
        throw new UnsupportedOperationException("not needed so far");
    }

    /** Nobody waits for this server. */
    @Override
    public void closeSoon() {}

    @Override
    public void close() {
        synchronized (server) {
            if (closed) {
                return;
            }
            new ArrayList<>(sessions).forEach(FakeSession::close);
            closed = true;
            server.clientIds.remove(clientId);
            server.temporaries.removeAll(temporaries);
            server.notifyAll();
        }
    }

    void onSessionClosed(FakeSession session) {
        sessions.remove(session);
    }

    /** Something the server does under its monitor. */
    interface Command {
        long run() throws EngineException;
    }
}
