package io.posthorn.broker.simulation;

import io.posthorn.broker.Login;
import io.posthorn.broker.Outlet;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A connection on which all goes well. Comes first, for the durable subscriptions, in between as the coordinator that
 * recovers branches of connections that are over, and last: ends what is still prepared, and takes out whatever there is.
 */
final class Collector implements Outlet {

    /** What a message takes of the memory for transactions besides itself, and what its length may add to it. */
    private static final int BESIDES = 256 + 4;

    private final World world;
    private final ClientFrame.Handler handler;
    private final List<ServerFrame> received = new ArrayList<>();
    private final UUID connection;
    private long command;

    Collector(World world) {
        this(world, null);
    }

    Collector(World world, String clientId) {
        this.world = world;
        this.connection = world.nextConnection();
        ClientFrame.Connect connect = new ClientFrame.Connect(connection, clientId, null, null, 0, 0, 0, "collector");
        ClientFrame.Handler[] made = {null};
        world.turn(() -> made[0] = world.broker.connect(connect, new Login("", Login.Permissions.ALL), this));
        handler = made[0];
        say(new ClientFrame.OpenSession(++command, 1));
    }

    private void say(ClientFrame frame) {
        world.turn(() -> frame.dispatch(handler));
        world.syncAndRead();
    }

    /** Makes a durable subscription, so that all messages to the topic have a place there. */
    void subscribe(Source subscription) {
        say(new ClientFrame.Attach(++command, 1, 1, 1, subscription, EntryRanges.NONE));
        say(new ClientFrame.Detach(++command, 1, EntryRanges.NONE));
        leave();
    }

    /** Says good-bye; the frames that were received stay. */
    void leave() {
        say(new ClientFrame.Close(++command));
    }

    /** Ends these branches: one whose commit was decided is committed, each other is rolled back. */
    void resolve(Map<BranchId, Ledger.Unit> branches) {
        say(new ClientFrame.XaRecover(1));
        List<BranchId> prepared = received.stream()
                .filter(ServerFrame.XaBranches.class::isInstance)
                .flatMap(frame -> ((ServerFrame.XaBranches) frame).branches().stream())
                .filter(branches::containsKey)
                .toList();
        for (BranchId branch : prepared) {
            Ledger.Unit unit = branches.get(branch);
            if (world.ledger.isDecided(branch)) {
                say(new ClientFrame.XaForget(++command, branch));
                continue;
            }
            boolean decided = unit.state == Ledger.State.COMMITTING || unit.state == Ledger.State.DOUBT;
            world.trace("collector ends " + unit);
            say(
                    decided
                            ? new ClientFrame.XaCommit(++command, branch, false)
                            : new ClientFrame.XaRollback(++command, branch));
            unit.state(decided ? Ledger.State.COMMITTED : Ledger.State.ROLLED_BACK);
        }
        for (Ledger.Unit unit : branches.values()) {
            if (unit.state == Ledger.State.COMMITTING) {
                unit.state(Ledger.State.COMMITTED);
            }
        }
        checkNothingFailed();
    }

    /** Takes out all that is left in a place, and looks at the order in which it comes. */
    void drain(Source source) {
        received.clear();
        long consumer = ++command;
        say(new ClientFrame.Attach(consumer, 1, consumer, 1, source, EntryRanges.NONE));
        say(new ClientFrame.Credit(consumer, 1, Long.MAX_VALUE));
        say(new ClientFrame.Drain(consumer, 1, consumer));
        world.ledger.check(
                received.contains(new ServerFrame.Drained(consumer, 1, consumer)), "a drain was not answered", null);
        ServerFrame.Deliver before = null;
        for (ServerFrame frame : received) {
            if (frame instanceof ServerFrame.Deliver deliver) {
                onDrained(source, deliver);
                world.ledger.check(isBehind(before, deliver), "out of order: " + before + ", " + deliver, null);
                before = deliver;
            }
        }
        checkPieces(consumer);
        EntryRanges.Builder all = new EntryRanges.Builder();
        received.stream()
                .filter(ServerFrame.Deliver.class::isInstance)
                .forEach(frame -> all.add(((ServerFrame.Deliver) frame).entry()));
        say(new ClientFrame.Acknowledge(++command, consumer, false, true, all.build()));
        checkNothingFailed();
    }

    /** What came without its body has one that is whole. */
    private void checkPieces(long consumer) {
        for (ServerFrame frame : List.copyOf(received)) {
            if (frame instanceof ServerFrame.Deliver deliver
                    && Envelope.of(deliver.envelope()).bodyIsApart()) {
                String id = LongBody.messageId(Envelope.of(deliver.envelope()));
                for (int index = 0; index < LongBody.pieceCount(id); index++) {
                    say(new ClientFrame.FetchPiece(consumer, deliver.entry(), index));
                    ServerFrame answer = received.get(received.size() - 1);
                    boolean isRight = answer instanceof ServerFrame.Piece piece
                            && LongBody.isPiece(id, piece.index(), piece.bytes());
                    world.ledger.check(isRight, "a piece of " + id + " is missing or wrong: " + answer, null);
                }
            }
        }
    }

    private void onDrained(Source source, ServerFrame.Deliver deliver) {
        Envelope envelope = Envelope.of(deliver.envelope());
        String id = LongBody.messageId(envelope);
        Object origin = envelope.property("JMS_POSTHORN_ORIGIN");
        boolean dead = source.address().name().equals(Places.DEAD);
        String place = dead ? placeOf((String) origin) : Places.placeOf(source);
        world.ledger.check(
                envelope.expiration() == 0 || envelope.expiration() > world.nowMs, "expired, and there: " + id, null);
        world.ledger.onDrained(place, id, deliver.redelivered(), dead);
    }

    /** Higher priorities come first, and in each what came first; {@code before} is null for the first. */
    private static boolean isBehind(ServerFrame.Deliver before, ServerFrame.Deliver deliver) {
        if (before == null) {
            return true;
        }
        int priority = Envelope.of(deliver.envelope()).priority();
        int priorityBefore = Envelope.of(before.envelope()).priority();
        return priority < priorityBefore || priority == priorityBefore && deliver.entry() > before.entry();
    }

    /** Sends messages that are not stored to the queues that pass, most of them to the first. */
    void flood(int count) {
        for (int index = 0; index < Places.PASSING_QUEUES; index++) {
            say(new ClientFrame.DeclareAddress(Places.passingAlias(index), Places.passing(index)));
        }
        Map<Long, Ledger.Unit> units = new LinkedHashMap<>();
        world.turn(() -> {
            for (int number = 0; number < count; number++) {
                int alias = Places.passingAlias(number % 4 == 3 ? 1 : 0);
                String id = "flood of " + connection + "-" + number;
                Ledger.Unit unit = world.ledger.new Unit(id);
                Places.expect(world.ledger.new Message(id, unit, false, false), alias, false);
                unit.state(Ledger.State.COMMITTING);
                units.put(++command, unit);
                byte[] body = id.getBytes(StandardCharsets.UTF_8);
                byte[] message = new EnvelopeBuilder()
                        .persistent(false)
                        .body(BodyKind.TEXT, body, body.length)
                        .build()
                        .bytes();
                new ClientFrame.Send(command, 1, false, true, alias, message).dispatch(handler);
            }
        });
        world.syncAndRead();
        units.values().forEach(unit -> unit.state(Ledger.State.COMMITTED));
        for (ServerFrame frame : received) {
            if (frame instanceof ServerFrame.Failed failed && units.containsKey(failed.command())) {
                Refusals.check(world, failed);
                units.get(failed.command()).state(Ledger.State.ROLLED_BACK);
            }
        }
    }

    /** Two transactions can have all the memory that there is for such: none that is over has kept any. */
    void fillTransactions(long stagedBytesMax) {
        long alias = Places.passingAlias(0);
        say(new ClientFrame.DeclareAddress(alias, Places.passing(0)));
        say(new ClientFrame.OpenSession(++command, 2));
        int rest = new EnvelopeBuilder()
                        .body(BodyKind.TEXT, new byte[0], 0)
                        .build()
                        .bytes()
                        .length
                + BESIDES;
        byte[] body = new byte[(int) (stagedBytesMax / 2) - rest];
        for (int session = 1; session <= 2; session++) {
            byte[] message = new EnvelopeBuilder()
                    .body(BodyKind.TEXT, body, body.length)
                    .build()
                    .bytes();
            say(new ClientFrame.Send(++command, session, true, true, alias, message));
        }
        for (int session = 1; session <= 2; session++) {
            say(new ClientFrame.Rollback(++command, session));
        }
        checkNothingFailed();
    }

    private void checkNothingFailed() {
        world.ledger.check(
                received.stream().noneMatch(ServerFrame.Failed.class::isInstance),
                "the collector failed: " + received,
                null);
    }

    /** Labels of queues and subscriptions have the name that counts in quotes, first. */
    private static String placeOf(String origin) {
        int start = origin.indexOf('\'') + 1;
        return origin.substring(start, origin.indexOf('\'', start));
    }

    @Override
    public void send(ServerFrame frame) {
        received.add(frame);
    }

    @Override
    public void flush() {
        // all is there at once
    }

    @Override
    public void close() {
        throw new AssertionError("the collector was thrown out: " + received);
    }
}
