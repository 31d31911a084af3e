package io.posthorn.engine.model;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.List;
import java.util.TreeMap;

/** What each frame does to the model. */
final class ModelVerbs implements ClientFrame.Handler {

    private final ModelServer server;
    private final ModelConnection connection;

    ModelVerbs(ModelServer server, ModelConnection connection) {
        this.server = server;
        this.connection = connection;
    }

    private void done(long command) {
        boolean follows = connection.isFirst || command == connection.lastCommand + 1;
        if (command <= connection.lastCommand || !follows) {
            throw new AssertionError("command " + command + " after " + connection.lastCommand);
        }
        connection.isFirst = false;
        connection.lastCommand = command;
    }

    private void failed(long command, ErrorCode code, String text) {
        done(command);
        tell(command, new ServerFrame.Failed(command, code, text));
    }

    private void tell(long command, ServerFrame frame) {
        connection.outcomes.put(command, frame);
        connection.outgoing.add(frame);
    }

    private ModelTransaction transaction(long session) {
        BranchId branch = connection.associations.get(session);
        return branch != null
                ? server.branches().get(branch)
                : connection.local.computeIfAbsent(session, id -> new ModelTransaction());
    }

    @Override
    public void onOpenSession(ClientFrame.OpenSession frame) {
        connection.sessions.add(frame.session());
        done(frame.command());
    }

    @Override
    public void onCloseSession(ClientFrame.CloseSession frame) {
        if (!connection.sessions.remove(frame.session())) {
            failed(frame.command(), ErrorCode.ILLEGAL_STATE, "no session " + frame.session());
            return;
        }
        rollback(frame.session());
        connection.associations.remove(frame.session());
        for (ModelConsumer consumer : List.copyOf(connection.consumers.values())) {
            if (consumer.session == frame.session()) {
                EntryRanges handed = frame.handed().stream()
                        .filter(each -> each.consumer() == consumer.id)
                        .map(ClientFrame.Handed::entries)
                        .findFirst()
                        .orElse(EntryRanges.NONE);
                giveBack(consumer, handed, EntryRanges.NONE);
                connection.consumers.remove(consumer.id);
            }
        }
        done(frame.command());
    }

    private void giveBack(ModelConsumer consumer, EntryRanges counted, EntryRanges kept) {
        for (ModelMessage message : server.queue(consumer.address()).values()) {
            if (message.holder == consumer.id && !message.staged && !kept.contains(message.entry)) {
                message.back(counted.contains(message.entry));
            }
        }
    }

    @Override
    public void onSend(ClientFrame.Send frame) {
        Address address = connection.aliases.get(frame.alias());
        if (address == null) {
            throw new AssertionError("alias " + frame.alias() + " was not declared");
        }
        boolean missing = address.kind().isTemporary() && !server.temporaries().contains(address);
        if (missing || address.name().equals("forbidden")) {
            if (frame.transacted()) {
                transaction(frame.session()).doomed = true;
            }
            failed(frame.command(), ErrorCode.INVALID_DESTINATION, "no " + address);
            return;
        }
        if (!connection.sessions.contains(frame.session())) {
            failed(frame.command(), ErrorCode.ILLEGAL_STATE, "no session " + frame.session());
            return;
        }
        if (!frame.transacted() && (server.isFull(address) || connection.blocked.contains(frame.session()))) {
            connection.blocked.add(frame.session());
            failed(frame.command(), ErrorCode.BLOCKED, address + " is full");
            return;
        }
        if (frame.transacted()) {
            transaction(frame.session()).sends.add(new ModelTransaction.Sent(address, frame.envelope()));
        } else {
            server.put(address, frame.envelope());
        }
        done(frame.command());
    }

    @Override
    public void onAttach(ClientFrame.Attach frame) {
        if (!connection.sessions.contains(frame.session())
                || frame.source().address().name().equals("forbidden")
                || frame.source().address().kind().isTemporary()
                        && !server.temporaries().contains(frame.source().address())) {
            failed(
                    frame.command(),
                    ErrorCode.INVALID_DESTINATION,
                    "no " + frame.source().address());
            return;
        }
        ModelConsumer consumer = connection.consumers.get(frame.consumer());
        if (consumer == null) {
            if (frame.source().subscription() != null && isInUse(frame.source().subscription())) {
                failed(frame.command(), ErrorCode.ILLEGAL_STATE, "the subscription is in use");
                return;
            }
            consumer = new ModelConsumer(frame.consumer(), frame.session(), frame.source());
            consumer.closed = ModelServer.claims(frame.source());
            connection.consumers.put(consumer.id, consumer);
            server.claim(consumer, frame.held());
        } else {
            giveBack(consumer, EntryRanges.NONE, frame.held());
        }
        consumer.begin(frame.generation());
        done(frame.command());
    }

    private boolean isInUse(String subscription) {
        return connection.consumers.values().stream()
                .anyMatch(consumer -> !consumer.closed && subscription.equals(consumer.source.subscription()));
    }

    @Override
    public void onDetach(ClientFrame.Detach frame) {
        ModelConsumer consumer = connection.consumers.get(frame.consumer());
        if (consumer == null || consumer.closed) {
            failed(frame.command(), ErrorCode.ILLEGAL_STATE, "no consumer " + frame.consumer());
            return;
        }
        giveBack(consumer, EntryRanges.NONE, frame.handed());
        if (consumer.browses()) {
            connection.consumers.remove(consumer.id);
        }
        consumer.closed = true;
        consumer.limit = 0;
        done(frame.command());
    }

    @Override
    public void onCredit(ClientFrame.Credit frame) {
        ModelConsumer consumer = connection.consumers.get(frame.consumer());
        if (consumer != null && consumer.generation == frame.generation()) {
            consumer.limit = Math.max(consumer.limit, frame.limit());
        }
    }

    @Override
    public void onDrain(ClientFrame.Drain frame) {
        ModelConsumer consumer = connection.consumers.get(frame.consumer());
        if (consumer != null && consumer.generation == frame.generation()) {
            server.serve(connection, consumer);
            consumer.limit = consumer.delivered;
            connection.outgoing.add(new ServerFrame.Drained(frame.consumer(), frame.generation(), frame.token()));
        }
    }

    @Override
    public void onAcknowledge(ClientFrame.Acknowledge frame) {
        ModelConsumer consumer = connection.consumers.get(frame.consumer());
        TreeMap<Long, ModelMessage> messages = consumer == null ? new TreeMap<>() : server.queue(consumer.address());
        boolean[] missing = {consumer == null};
        frame.entries().forEach(entry -> {
            ModelMessage message = messages.get(entry);
            if (message == null || message.holder != frame.consumer() || message.staged) {
                missing[0] = true;
            } else if (frame.transacted()) {
                message.staged = true;
                transaction(consumer.session).settled.add(new ModelTransaction.Settled(consumer.address(), entry));
            } else {
                messages.remove(entry);
            }
        });
        if (missing[0]) {
            if (frame.transacted() && consumer != null) {
                transaction(consumer.session).doomed = true;
            }
            failed(frame.command(), ErrorCode.ILLEGAL_STATE, "not held: " + frame.entries());
        } else {
            done(frame.command());
        }
    }

    @Override
    public void onRelease(ClientFrame.Release frame) {
        ModelConsumer consumer = connection.consumers.get(frame.consumer());
        if (consumer == null) {
            failed(frame.command(), ErrorCode.ILLEGAL_STATE, "no consumer " + frame.consumer());
            return;
        }
        giveBack(consumer, frame.handed(), EntryRanges.NONE);
        consumer.begin(frame.generation());
        done(frame.command());
    }

    @Override
    public void onReopen(ClientFrame.Reopen frame) {
        connection.blocked.remove(frame.session());
        done(frame.command());
    }

    @Override
    public void onCommit(ClientFrame.Commit frame) {
        ModelTransaction open = connection.local.get(frame.session());
        if (open != null && open.sends.stream().anyMatch(sent -> server.isFull(sent.address()))) {
            failed(frame.command(), ErrorCode.BLOCKED, "a queue is full");
            return;
        }
        ModelTransaction transaction = connection.local.remove(frame.session());
        if (transaction != null && transaction.doomed) {
            server.undo(transaction);
            failed(frame.command(), ErrorCode.ROLLED_BACK, "rolled back");
            return;
        }
        if (transaction != null) {
            server.apply(transaction);
        }
        done(frame.command());
    }

    @Override
    public void onRollback(ClientFrame.Rollback frame) {
        rollback(frame.session());
        done(frame.command());
    }

    private void rollback(long session) {
        ModelTransaction transaction = connection.local.remove(session);
        if (transaction != null) {
            server.undo(transaction);
        }
    }

    @Override
    public void onXaStart(ClientFrame.XaStart frame) {
        if (server.prepared().containsKey(frame.branch())) {
            failed(frame.command(), ErrorCode.XA_DUPLICATE, "prepared already");
            return;
        }
        server.branches().computeIfAbsent(frame.branch(), id -> new ModelTransaction());
        connection.associations.put(frame.session(), frame.branch());
        done(frame.command());
    }

    @Override
    public void onXaEnd(ClientFrame.XaEnd frame) {
        if (!server.branches().containsKey(frame.branch())) {
            failed(frame.command(), ErrorCode.XA_UNKNOWN, "no branch");
            return;
        }
        connection.associations.remove(frame.session());
        done(frame.command());
    }

    @Override
    public void onXaPrepare(ClientFrame.XaPrepare frame) {
        ModelTransaction transaction = server.branches().remove(frame.branch());
        if (transaction == null) {
            failed(frame.command(), ErrorCode.XA_UNKNOWN, "no branch");
            return;
        }
        if (transaction.doomed) {
            server.undo(transaction);
            failed(frame.command(), ErrorCode.XA_ROLLED_BACK, "rolled back");
            return;
        }
        server.prepared().put(frame.branch(), transaction);
        done(frame.command());
        tell(frame.command(), new ServerFrame.Result(frame.command(), 0));
    }

    @Override
    public void onXaCommit(ClientFrame.XaCommit frame) {
        ModelTransaction transaction = frame.onePhase()
                ? server.branches().remove(frame.branch())
                : server.prepared().remove(frame.branch());
        if (transaction == null) {
            failed(frame.command(), ErrorCode.XA_UNKNOWN, "no branch");
            return;
        }
        server.apply(transaction);
        done(frame.command());
    }

    @Override
    public void onXaRollback(ClientFrame.XaRollback frame) {
        ModelTransaction transaction = server.branches().remove(frame.branch());
        if (transaction == null) {
            transaction = server.prepared().remove(frame.branch());
        }
        if (transaction == null) {
            failed(frame.command(), ErrorCode.XA_UNKNOWN, "no branch");
            return;
        }
        server.undo(transaction);
        done(frame.command());
    }

    @Override
    public void onXaForget(ClientFrame.XaForget frame) {
        done(frame.command());
    }

    @Override
    public void onXaTimeout(ClientFrame.XaTimeout frame) {
        done(frame.command());
    }

    @Override
    public void onXaRecover(ClientFrame.XaRecover frame) {
        // A frame for each, so that answers of several frames are the rule.
        List<BranchId> prepared = List.copyOf(server.prepared().keySet());
        for (int index = 0; index < prepared.size(); index++) {
            boolean last = index == prepared.size() - 1;
            connection.outgoing.add(new ServerFrame.XaBranches(frame.token(), last, List.of(prepared.get(index))));
        }
        if (prepared.isEmpty()) {
            connection.outgoing.add(new ServerFrame.XaBranches(frame.token(), true, List.of()));
        }
    }

    @Override
    public void onIdentify(ClientFrame.Identify frame) {
        if (frame.clientId().equals("taken")) {
            failed(frame.command(), ErrorCode.INVALID_CLIENT_ID, "taken");
        } else {
            done(frame.command());
        }
    }

    @Override
    public void onClose(ClientFrame.Close frame) {
        connection.closed = true;
        done(frame.command());
    }

    @Override
    public void onDeclareAddress(ClientFrame.DeclareAddress frame) {
        connection.aliases.put(frame.alias(), frame.address());
    }

    @Override
    public void onCreateTemporary(ClientFrame.CreateTemporary frame) {
        server.temporaries().add(frame.address());
        done(frame.command());
    }

    @Override
    public void onDeleteTemporary(ClientFrame.DeleteTemporary frame) {
        if (server.temporaries().remove(frame.address())) {
            done(frame.command());
        } else {
            failed(frame.command(), ErrorCode.INVALID_DESTINATION, "no " + frame.address());
        }
    }

    @Override
    public void onUnsubscribe(ClientFrame.Unsubscribe frame) {
        done(frame.command());
    }

    @Override
    public void onHeartbeat(ClientFrame.Heartbeat frame) {}

    @Override
    public void onConnect(ClientFrame.Connect frame) {
        throw new AssertionError(frame);
    }

    @Override
    public void onUploadPiece(ClientFrame.UploadPiece frame) {
        throw new AssertionError(frame);
    }

    @Override
    public void onDropUpload(ClientFrame.DropUpload frame) {
        throw new AssertionError(frame);
    }

    @Override
    public void onRepeated(ClientFrame.Repeated frame) {
        // the model keeps everything, so it knows what it has delivered
    }

    @Override
    public void onFetchPiece(ClientFrame.FetchPiece frame) {
        throw new AssertionError(frame);
    }
}
