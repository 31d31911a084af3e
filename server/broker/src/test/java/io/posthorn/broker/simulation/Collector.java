package io.posthorn.broker.simulation;

import io.posthorn.broker.Login;
import io.posthorn.broker.Outlet;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Comes first, for the subscription, and last: ends the branches that are still prepared, and takes out whatever there is. */
final class Collector implements Outlet {

    private final World world;
    private final ClientFrame.Handler handler;
    private final List<ServerFrame> received = new ArrayList<>();
    private long command;

    Collector(World world) {
        this.world = world;
        ClientFrame.Connect connect =
                new ClientFrame.Connect(world.nextConnection(), null, null, null, 0, 0, 0, "collector");
        ClientFrame.Handler[] made = {null};
        world.turn(() -> made[0] = world.broker.connect(connect, new Login("", Login.Permissions.ALL), this));
        handler = made[0];
        say(new ClientFrame.OpenSession(++command, 1));
    }

    private void say(ClientFrame frame) {
        world.turn(() -> frame.dispatch(handler));
        world.syncAndRead();
    }

    /** Makes the durable subscription, so that all messages to the topic have a place. */
    void subscribe() {
        say(new ClientFrame.Attach(++command, 1, 1, 1, Client.subscription(), EntryRanges.NONE));
        say(new ClientFrame.Detach(++command, 1, EntryRanges.NONE));
        say(new ClientFrame.Close(++command));
    }

    /** A branch whose commit was decided is committed, each other is rolled back. */
    void resolveBranches() {
        say(new ClientFrame.XaRecover(1));
        List<BranchId> prepared = received.stream()
                .filter(ServerFrame.XaBranches.class::isInstance)
                .flatMap(frame -> ((ServerFrame.XaBranches) frame).branches().stream())
                .toList();
        for (BranchId branch : prepared) {
            Ledger.Unit unit = world.ledger.units.stream()
                    .filter(each -> each.name.equals(branch.toString()))
                    .findFirst()
                    .orElseThrow();
            boolean decided = unit.state == Ledger.State.COMMITTING || unit.state == Ledger.State.DOUBT;
            world.trace("collector ends " + unit);
            say(
                    decided
                            ? new ClientFrame.XaCommit(++command, branch, false)
                            : new ClientFrame.XaRollback(++command, branch));
            unit.state(decided ? Ledger.State.COMMITTED : Ledger.State.ROLLED_BACK);
        }
        for (Ledger.Unit unit : world.ledger.units) {
            if (unit.name.startsWith("1:") && unit.state == Ledger.State.COMMITTING) {
                unit.state(Ledger.State.COMMITTED);
            }
        }
    }

    void drain() {
        for (int index = 0; index < World.QUEUES; index++) {
            drain(index + 1, Source.queue(World.queue(index), null));
        }
        drain(10, Client.subscription());
        drain(11, Source.queue(Address.queue(World.DEAD), null));
        world.ledger.check(
                received.stream().noneMatch(ServerFrame.Failed.class::isInstance),
                "the collector failed: " + received,
                null);
    }

    private void drain(long consumer, Source source) {
        received.clear();
        say(new ClientFrame.Attach(++command, 1, consumer, 1, source, EntryRanges.NONE));
        say(new ClientFrame.Credit(consumer, 1, Long.MAX_VALUE));
        say(new ClientFrame.Drain(consumer, 1, consumer));
        world.ledger.check(
                received.contains(new ServerFrame.Drained(consumer, 1, consumer)), "a drain was not answered", null);
        for (ServerFrame frame : received) {
            if (frame instanceof ServerFrame.Deliver deliver) {
                Envelope envelope = Envelope.of(deliver.envelope());
                String id = new String(envelope.body().readRemaining(), StandardCharsets.UTF_8);
                Object origin = envelope.property("JMS_POSTHORN_ORIGIN");
                boolean dead = source.address().name().equals(World.DEAD);
                String place = dead ? placeOf((String) origin) : World.placeOf(source);
                world.ledger.onDrained(place, id, deliver.redelivered(), dead);
            }
        }
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
