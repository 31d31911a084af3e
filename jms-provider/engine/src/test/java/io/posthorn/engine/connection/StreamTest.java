package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.EngineSession;
import io.posthorn.engine.Pending;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages of which many are under way go several at a time, carried by whoever puts in the last of them. */
class StreamTest {

    private static final Address QUEUE = Address.queue("orders");

    /** So many are under way at first, and an eighth of them is worth a write. */
    private static final int UNDER_WAY = 80;

    private static final int SHARE = UNDER_WAY / 8;

    private final World world = new World(1);
    private final Carried carried = new Carried(world);
    private final List<Pending> sent = new ArrayList<>();
    private EngineSession session;

    @BeforeEach
    void stream() throws Exception {
        session = world.connectStarted().openSession();
        world.settle();
        world.server.autoSync = false;
        send(UNDER_WAY);
        world.settle();
        world.transport.takesHere = true;
        mark();
    }

    private void mark() {
        world.transport.doneHere = 0;
        carried.mark();
    }

    private void send(int count) throws Exception {
        for (int number = 0; number < count; number++) {
            sent.add(session.send(QUEUE, Messages.persistent("" + sent.size()), false, true));
        }
    }

    /** What is not awaited goes at once with all before it, and then nothing need wait for anything. */
    private void carryAllAnd(String last) throws Exception {
        session.send(QUEUE, Messages.volatileOne("not awaited"), false, false);
        world.settle();
        session.send(QUEUE, Messages.persistent(last), false, true);
        world.settle();
        mark();
    }

    private void assertAllArrivedInOrder() throws Exception {
        for (Pending each : sent) {
            each.await();
        }
        assertThat(Messages.texts(world.server.contents(QUEUE)))
                .isEqualTo(IntStream.range(0, sent.size())
                        .mapToObj(String::valueOf)
                        .toList());
    }

    @Test
    void shouldCarryAShareWithOneWriteOfTheThreadThatCompletesIt() throws Exception {
        send(SHARE - 1);
        assertThat(carried.flushes()).isZero();
        assertThat(world.transport.doneHere).isZero();
        send(1);

        assertThat(world.transport.doneHere).isEqualTo(1);
        assertThat(carried.flushes()).isEqualTo(1);
        assertThat(carried.woken()).as("wake-ups of the loop").isZero();
        world.settle();
        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(SHARE);
        world.server.autoSync = true;
        assertAllArrivedInOrder();
    }

    @Test
    void shouldCarryALargeShareWithOneWriteToo() throws Exception {
        send(400 - UNDER_WAY);
        carryAllAnd("awaited");
        send(50);

        assertThat(carried.flushes()).isEqualTo(1);
        assertThat(carried.woken()).isZero();
        world.settle();
        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(50);
    }

    @Test
    void shouldLeaveAShareToTheLoopThatIsAtWork() throws Exception {
        world.transport.takesHere = false;
        send(SHARE);

        assertThat(carried.woken()).isEqualTo(1);
        world.settle();
        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(SHARE);
    }

    @Test
    void shouldCarryWhatIsNoShareWhenTheConfirmationComes() throws Exception {
        send(SHARE - 1);
        world.settle();
        assertThat(world.server.frames(ClientFrame.Send.class)).isEmpty();

        world.server.autoSync = true;
        assertAllArrivedInOrder();
    }

    /** The network may be slow. */
    @Test
    void shouldCarryWhatIsNoShareAMomentLater() throws Exception {
        send(2);
        world.pass(2);
        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(2);

        world.pass(10);
        send(2);
        world.pass(2);
        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(4);
    }

    @Test
    void shouldCarryAllWhenSomebodyPutsInWhatIsNoPartOfIt() throws Exception {
        send(2);
        session.send(QUEUE, Messages.volatileOne("other"), false, false);
        world.settle();

        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(3);
    }

    @Test
    void shouldNotHaveAnythingElseWait() throws Exception {
        send(2);
        world.server.autoSync = true;
        session.attach(Source.queue(QUEUE, null));

        assertAllArrivedInOrder();
    }

    /** On the new link nothing may be under way whose confirmation it could wait for. */
    @Test
    void shouldCarryWhatIsNoShareAfterABreak() throws Exception {
        send(SHARE - 1);
        world.transport.link.breakDown();
        world.server.autoSync = true;

        assertAllArrivedInOrder();
        send(1);
        assertAllArrivedInOrder();
    }

    @Test
    void shouldNotLookWhileThereIsNoLink() throws Exception {
        world.transport.refusing.add(0);
        world.transport.link.breakDown();
        world.settle();
        int timed = world.transport.timed;
        int attempts = world.transport.attempts.size();
        world.pass(100);

        assertThat(world.transport.timed - timed)
                .as("timers beside those of %d attempts", world.transport.attempts.size() - attempts)
                .isLessThan(20);
    }

    @Test
    void shouldCarryEachAtOnceWhenAllIsConfirmed() throws Exception {
        world.server.autoSync = true;
        assertAllArrivedInOrder();
        world.server.autoSync = false;
        mark();
        send(1);
        world.settle();

        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(1);
    }

    /** What nobody waits for is confirmed later, and nothing may wait for that. */
    @Test
    void shouldWaitForNothingBehindMessagesThatAreNotAwaited() throws Exception {
        session.send(QUEUE, Messages.volatileOne("not awaited"), false, false);
        world.settle();
        mark();
        send(1);
        world.settle();

        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(1);
    }

    @Test
    void shouldNotHaveALongMessageWait() throws Exception {
        send(2);
        session.send(QUEUE, Messages.persistent("x".repeat(10_000)), false, true);
        world.settle();

        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(3);
    }

    /** An eighth of 180 would be 22, and more than 32 KiB. */
    @Test
    void shouldTakeFewerForAShareWhenTheyAreLonger() throws Exception {
        sendLonger(100);
        carryAllAnd("x".repeat(3_000));
        sendLonger(9);
        assertThat(carried.flushes()).isZero();
        sendLonger(1);

        assertThat(carried.flushes()).isEqualTo(1);
    }

    private void sendLonger(int count) throws Exception {
        for (int number = 0; number < count; number++) {
            session.send(QUEUE, Messages.persistent("x".repeat(3_000)), false, true);
        }
    }
}
