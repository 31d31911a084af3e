package io.posthorn.broker.simulation;

import io.posthorn.broker.Login;
import io.posthorn.broker.Outlet;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A client's connection with the resumption of docs/protocol.md in its simplest form: sockets that break, commands that are
 * kept until they are confirmed. What it does is up to its three {@link ClientSession}s. When the server has given it up it
 * begins anew, with other sessions and another temporary queue.
 */
final class Client {

    final World world;
    final int index;
    final ArrayDeque<Command> unconfirmed = new ArrayDeque<>();
    private final ArrayDeque<ClientFrame> outgoing = new ArrayDeque<>();
    private final ArrayDeque<ServerFrame> incoming = new ArrayDeque<>();

    private List<ClientSession> sessions;
    private UUID id;
    private Socket socket;
    private boolean ready;
    private int awayUntilStep;
    private long lostAtMs;
    private boolean closing;
    private long knownRun;
    private long lastNumber;

    /** The last command of earlier sockets. */
    private long sentBefore;

    private long confirmed;
    private long lastGeneration;
    private long lastToken;
    private long sent;

    Client(World world, int index) {
        this.world = world;
        this.index = index;
        beginAnew();
    }

    /** One end of a socket. */
    private final class Socket implements Outlet {
        ClientFrame.Handler handler;
        boolean closed;

        @Override
        public void send(ServerFrame frame) {
            if (closed) {
                throw new AssertionError("a frame for a closed socket: " + frame);
            }
            if (frame instanceof ServerFrame.Deliver deliver) {
                world.checkIsDue(deliver);
            }
            if (socket == this) {
                incoming.add(frame);
            }
        }

        @Override
        public void flush() {
            // chance says when frames arrive
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private void beginAnew() {
        id = world.nextConnection();
        knownRun = 0;
        lastNumber = 0;
        confirmed = 0;
        unconfirmed.clear();
        sessions = List.of(new PlainSession(this), new LocalSession(this), new XaSession(this));
    }

    /** Everybody may send to it; only this connection reads it. */
    Address temporaryQueue() {
        return Places.temporaryQueue(temporaryAlias());
    }

    int temporaryAlias() {
        return Places.temporaryAlias(id);
    }

    long nextGeneration() {
        return ++lastGeneration;
    }

    long lastGeneration() {
        return lastGeneration;
    }

    long nextToken() {
        return ++lastToken;
    }

    /** A number that no other message or branch of this client has. */
    long nextSent() {
        return ++sent;
    }

    // ---- the socket

    void connectIfNeeded() {
        if (socket != null || closing && unconfirmed.isEmpty()) {
            return;
        }
        Socket next = new Socket();
        socket = next;
        ready = false;
        outgoing.clear();
        incoming.clear();
        ClientFrame.Connect connect =
                new ClientFrame.Connect(id, Places.clientIdOf(index), null, null, 0, knownRun, confirmed, "sim");
        world.turn(() -> next.handler = world.broker.connect(connect, new Login("", Login.Permissions.ALL), next));
    }

    void breakSocket() {
        if (socket != null) {
            world.trace("socket of " + index + " breaks");
            Socket lost = socket;
            read(world.random.nextInt(10));
            onBrokerLost();
            awayUntilStep = world.chance(300) ? world.steps + world.random.nextInt(300) : 0;
            if (lost.handler != null && world.chance(900)) {
                world.turn(() -> world.broker.disconnected(lost.handler, lost));
            }
        }
    }

    /** Whatever was on its way is lost. */
    void onBrokerLost() {
        socket = null;
        lostAtMs = world.nowMs;
        ready = false;
        outgoing.clear();
        incoming.clear();
    }

    /** Whether the server may have given it up, which counts as an attempt what it held. */
    boolean isAwayTooLong(long windowMs) {
        return !ready && world.nowMs - lostAtMs >= windowMs;
    }

    /** The broker gets some of what was sent; within a turn. */
    void deliverSome(int count) {
        for (int done = 0; done < count && !outgoing.isEmpty(); done++) {
            ClientFrame frame = outgoing.poll();
            world.trace(() -> index + " > " + frame);
            if (socket != null && socket.handler != null && !socket.closed) {
                if (world.troubles.pressure != null) {
                    unconfirmed.forEach(command -> command.pressed |= command.sent == frame);
                }
                frame.dispatch(socket.handler);
            }
        }
    }

    /** The client gets some of what the broker sent. */
    void read(int count) {
        for (int done = 0; done < count && !incoming.isEmpty(); done++) {
            onFrame(incoming.poll());
        }
        if (socket != null && socket.closed && incoming.isEmpty()) {
            onBrokerLost();
        }
    }

    private void onFrame(ServerFrame frame) {
        world.trace(() -> index + " < " + frame);
        if (frame instanceof ServerFrame.Connected connected) {
            onConnected(connected);
        } else if (frame instanceof ServerFrame.Refused refused) {
            onRefused(refused);
        } else if (frame instanceof ServerFrame.Confirmed confirmation) {
            onConfirmed(confirmation.command());
        } else if (frame instanceof ServerFrame.Failed failed) {
            Refusals.check(world, failed);
            if (Refusals.isForWantOfRoom(failed)) {
                sessions.forEach(session -> session.waitForRoom(failed.command(), sentBefore));
            }
            unconfirmed.stream()
                    .filter(command -> command.number == failed.command())
                    .forEach(command -> command.failure = failed.code());
        } else if (frame instanceof ServerFrame.Unblocked unblocked) {
            tryAgain(unblocked.session());
        } else if (frame instanceof ServerFrame.Deliver deliver) {
            consumer(deliver.consumer()).onDeliver(deliver);
        } else if (frame instanceof ServerFrame.Piece piece) {
            consumer(piece.consumer()).onPiece(world.ledger, piece);
        } else if (frame instanceof ServerFrame.PieceRefused refused) {
            consumer(refused.consumer()).onPieceRefused(world.ledger, refused);
        } else if (frame instanceof ServerFrame.UploadRefused refused) {
            Refusals.check(world, refused);
        } else if (frame instanceof ServerFrame.Drained drained) {
            consumer(drained.consumer()).onDrained(drained);
        } else if (frame instanceof ServerFrame.Recall recall) {
            ClientConsumer consumer = consumer(recall.consumer());
            sessions.get((int) consumer.session - 1).onRecall(consumer, recall);
        }
    }

    /** 0 stands for branches. */
    private ClientSession sessionOf(long number) {
        return sessions.get(number == 0 ? sessions.size() - 1 : (int) number - 1);
    }

    /** What was refused may be let in now; 0 stands for branches. */
    void tryAgain(long session) {
        if (!closing) {
            Command reopen = new Command(Command.Kind.OTHER, number -> new ClientFrame.Reopen(number, session));
            issue(reopen);
            sessionOf(session).triedAgain(reopen);
        }
    }

    private ClientConsumer consumer(long number) {
        return sessions.stream()
                .flatMap(session -> session.consumers.stream())
                .filter(consumer -> consumer.id == number)
                .findFirst()
                .orElseThrow();
    }

    private void onConfirmed(long number) {
        confirmed = Math.max(confirmed, number);
        while (!unconfirmed.isEmpty() && unconfirmed.peek().number <= number) {
            Command done = unconfirmed.poll();
            world.ledger.check(
                    done.kind != Command.Kind.SET_UP || done.failure == null || closing,
                    "a command that cannot fail: " + done.failure,
                    null);
            world.ledger.check(!done.wentInUnderPressure(), "let in while the disk was full: " + done.sent, null);
            done.onDone.run();
        }
    }

    void issue(Command command) {
        command.number = ++lastNumber;
        command.failure = null; // whatever was said of an earlier number is void
        command.pressed = false;
        unconfirmed.add(command);
        if (ready) {
            command.sent = command.frame.apply(command.number);
            outgoing.addAll(command.ahead);
            outgoing.add(command.sent);
        }
    }

    /** Sends what is no command. */
    void say(ClientFrame frame) {
        outgoing.add(frame);
    }

    // ---- resumption

    private void onConnected(ServerFrame.Connected connected) {
        boolean sameRun = connected.run() == knownRun;
        world.trace("client " + index + " connected, last command " + connected.lastCommand() + " of " + lastNumber
                + (sameRun ? ", same run" : ", another run"));
        knownRun = connected.run();
        List<Command> done = new ArrayList<>();
        List<Command> again = new ArrayList<>();
        for (Command command : unconfirmed) {
            if (command.kind != Command.Kind.SET_UP) {
                (command.number <= connected.lastCommand() ? done : again).add(command);
            }
        }
        if (!sameRun) {
            again.removeIf(command -> command.kind == Command.Kind.VOLATILE);
            again.forEach(command -> command.mayBeVain |= command.consumer != null);
            sessions.forEach(session -> session.onAnotherRun(connected.lastCommand(), done, again));
        }
        unconfirmed.clear();
        unconfirmed.addAll(done);
        sentBefore = lastNumber;
        ready = true;
        Places.aliases(world).forEach((alias, address) -> say(new ClientFrame.DeclareAddress(alias, address)));
        if (!closing) {
            issue(new Command(
                    Command.Kind.SET_UP, number -> new ClientFrame.CreateTemporary(number, temporaryQueue())));
            sessions.forEach(session -> session.setUp(again));
        }
        again.forEach(this::issue);
        sessions.forEach(ClientSession::tryAgainIfWaiting);
    }

    private void onRefused(ServerFrame.Refused refused) {
        world.trace("client " + index + " is refused: " + refused);
        if (refused.code() != ErrorCode.RESUME_EXPIRED) {
            throw new AssertionError(refused);
        }
        sessions.forEach(ClientSession::onExpired);
        beginAnew();
        onBrokerLost();
    }

    // ---- what it does

    void act() {
        if (socket == null) {
            if (world.steps >= awayUntilStep) {
                connectIfNeeded();
            }
            return;
        }
        read(1 + world.random.nextInt(8));
        for (int count = 1 + world.random.nextInt(5); count > 0 && ready; count--) {
            sessions.get(world.random.nextInt(sessions.size())).act();
        }
    }

    // ---- the end

    /** Nothing is under way, so every question was answered. */
    void checkAnswered() {
        world.ledger.check(
                unconfirmed.isEmpty(), "unconfirmed at the end: " + unconfirmed.size() + " of " + index, null);
        for (ClientSession session : sessions) {
            world.ledger.check(!session.waitsForRoom(), "nobody said that there is room at client " + index, null);
            session.consumers.forEach(consumer ->
                    world.ledger.check(consumer.drainAnswered, "a drain without an answer at client " + index, null));
        }
    }

    void wrapUp() {
        if (ready) {
            sessions.forEach(ClientSession::wrapUp);
        }
    }

    void close() {
        closing = true;
        issue(new Command(Command.Kind.OTHER, ClientFrame.Close::new));
    }
}
