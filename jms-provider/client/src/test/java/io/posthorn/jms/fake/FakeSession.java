package io.posthorn.jms.fake;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.Outcome;
import io.posthorn.engine.Pending;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import javax.transaction.xa.XAResource;

/** A session of the fake. */
final class FakeSession implements EngineSession {

    private final FakeConnection connection;
    private final FakeServer server;
    private final List<FakeConsumer> consumers = new ArrayList<>();
    private final List<Handed> handed = new ArrayList<>();
    private final List<Staged> staged = new ArrayList<>();
    private FakeBranch branch;

    /** Why the transaction lacks a message; null while it does not. */
    private EngineException broken;

    private boolean closed;

    FakeSession(FakeConnection connection) {
        this.connection = connection;
        this.server = connection.server();
    }

    FakeConnection connection() {
        return connection;
    }

    FakeServer server() {
        return server;
    }

    List<FakeConsumer> consumersOf(Address address) {
        return consumers.stream()
                .filter(consumer -> consumer.source().address().equals(address))
                .toList();
    }

    void announce() {
        consumers.forEach(FakeConsumer::signal);
    }

    void onHanded(FakeQueue queue, FakeEntry entry) {
        handed.add(new Handed(queue, entry, branch));
    }

    void onConsumerClosed(FakeConsumer consumer) {
        consumers.remove(consumer);
    }

    @Override
    public Pending send(Address destination, byte[] envelope, boolean transacted, boolean awaited)
            throws EngineException {
        synchronized (server) {
            server.awaited.add(awaited);
            connection.checkUsable();
            EngineException failure = server.takeSendFailure();
            if (failure != null) {
                broken = transacted ? failure : broken;
                return FakePending.failed(failure);
            }
            if (!transacted) {
                try {
                    server.route(connection, destination, envelope);
                } catch (EngineException e) {
                    return FakePending.failed(e);
                }
            } else if (branch != null) {
                branch.onCommit.add(() -> routeStaged(new Staged(destination, envelope)));
            } else {
                staged.add(new Staged(destination, envelope));
            }
            return server.confirm(0);
        }
    }

    @Override
    public void send(Address destination, byte[] envelope, boolean awaited, Outcome told) throws EngineException {
        send(destination, envelope, false, awaited).whenDone(told);
    }

    private void routeStaged(Staged one) {
        try {
            server.route(connection, one.to, one.envelope);
        } catch (EngineException e) {
            throw new AssertionError("a staged message has nowhere to go", e);
        }
    }

    @Override
    public EngineConsumer attach(Source source) throws EngineException {
        synchronized (server) {
            connection.checkUsable();
            FakeConsumer consumer = new FakeConsumer(this, source, server.subscribe(connection, source));
            consumers.add(consumer);
            return consumer;
        }
    }

    /** No difference: consumers of the fake have no buffer. */
    @Override
    public EngineConsumer attachOnDemand(Source source) throws EngineException {
        return attach(source);
    }

    @Override
    public Pending acknowledge(Delivery delivery, boolean forced) {
        return connection.answer(() -> {
            if (!handed.removeIf(one -> one.entry.number == delivery.entry())) {
                throw new EngineException(ErrorCode.INTERNAL, "delivery " + delivery.entry() + " is not held");
            }
            server.onAcknowledged(1);
            return 0;
        });
    }

    @Override
    public Pending acknowledgeAll(boolean forced) {
        return connection.answer(() -> {
            server.onAcknowledged(handed.size());
            handed.clear();
            return 0;
        });
    }

    @Override
    public Pending commit() {
        return connection.answer(() -> {
            if (broken != null) {
                EngineException cause = broken;
                broken = null;
                staged.clear();
                giveBack();
                throw new EngineException(ErrorCode.ROLLED_BACK, "could not be sent: " + cause.getMessage(), cause);
            }
            handed.clear();
            staged.forEach(this::routeStaged);
            staged.clear();
            return 0;
        });
    }

    @Override
    public Pending rollback() {
        return connection.answer(() -> {
            broken = null;
            staged.clear();
            giveBack();
            return 0;
        });
    }

    @Override
    public Pending recover() {
        return connection.answer(() -> {
            giveBack();
            return 0;
        });
    }

    private void giveBack() {
        List<Handed> all = new ArrayList<>(handed);
        handed.clear();
        all.forEach(one -> one.queue.giveBack(one.entry));
    }

    @Override
    public Pending xaStart(BranchId id, int flags, Delivery along) {
        return connection.answer(() -> {
            FakeBranch known = server.branches.get(id);
            if (flags == XAResource.TMNOFLAGS && known != null) {
                throw new EngineException(ErrorCode.XA_DUPLICATE, "branch " + id + " exists");
            }
            if (flags != XAResource.TMNOFLAGS && known == null) {
                throw new EngineException(ErrorCode.XA_UNKNOWN, "there is no branch " + id);
            }
            branch = known == null ? new FakeBranch() : known;
            branch.active = true;
            server.branches.put(id, branch);
            if (along != null) {
                handed.replaceAll(
                        one -> one.entry.number == along.entry() ? new Handed(one.queue, one.entry, branch) : one);
            }
            return 0;
        });
    }

    @Override
    public Pending xaEnd(BranchId id, int flags) {
        return connection.answer(() -> {
            FakeBranch ending = server.branches.get(id);
            if (ending == null) {
                throw new EngineException(ErrorCode.XA_UNKNOWN, "there is no branch " + id);
            }
            for (Handed one : List.copyOf(handed)) {
                if (one.branch == ending) {
                    handed.remove(one);
                    ending.onCommit.add(() -> {});
                    ending.onRollback.add(() -> one.queue.giveBack(one.entry));
                }
            }
            ending.active = false;
            branch = null;
            return 0;
        });
    }

    @Override
    public Pending xaTimeout(long seconds) {
        return FakePending.of(0);
    }

    @Override
    public void close() {
        synchronized (server) {
            if (closed) {
                return;
            }
            closed = true;
            new ArrayList<>(consumers).forEach(FakeConsumer::close);
            staged.clear();
            giveBack();
            connection.onSessionClosed(this);
        }
    }

    private record Handed(FakeQueue queue, FakeEntry entry, FakeBranch branch) {}

    private record Staged(Address to, byte[] envelope) {}
}
