package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.ConnectionOptions;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.Pending;
import io.posthorn.engine.model.FakeTransport;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.MalformedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands on their way out, and their outcomes. */
class SendTest {

    private static final Address QUEUE = Address.queue("orders");

    private final World world = new World(1);
    private ResumingConnection connection;
    private EngineSession session;

    @BeforeEach
    void connect() throws Exception {
        connection = world.connect();
        session = connection.openSession();
        world.settle();
        world.server.frames.clear();
    }

    @Test
    void shouldTellOutcomesInTheOrderOfTheCommands() throws Exception {
        List<String> told = new ArrayList<>();
        for (String name : List.of("orders", "forbidden", "orders")) {
            session.send(Address.queue(name), Messages.persistent(name), false, true)
                    .whenDone((value, failure) -> told.add(name + " " + (failure == null ? "ok" : failure.code())));
        }

        assertThat(told).isEmpty();
        world.settle();

        assertThat(told).containsExactly("orders ok", "forbidden INVALID_DESTINATION", "orders ok");
    }

    @Test
    void shouldNotTellBeforeTheServerConfirms() throws Exception {
        world.server.autoSync = false;
        List<String> told = new ArrayList<>();
        session.send(QUEUE, Messages.persistent("1"), false, true).whenDone((value, failure) -> told.add("done"));
        session.send(Address.queue("forbidden"), Messages.persistent("2"), false, true)
                .whenDone((value, failure) -> told.add("failed"));

        world.settle();
        assertThat(told).isEmpty();
        world.server.autoSync = true;
        world.settle();

        assertThat(told).containsExactly("done", "failed");
    }

    @Test
    void shouldGoOnWhenACallbackThrows() throws Exception {
        session.send(QUEUE, Messages.persistent("1"), false, true).whenDone((value, failure) -> {
            throw new IllegalStateException("by the test");
        });
        Pending second = session.send(QUEUE, Messages.persistent("2"), false, true);

        assertThat(second.await()).isZero();
        assertThat(connection.isLost()).isFalse();
    }

    @Test
    void shouldDeclareAnAddressOnceForEachLink() throws Exception {
        session.send(QUEUE, Messages.persistent("1"), false, true);
        session.send(Address.topic("orders"), Messages.persistent("2"), false, true);
        session.send(QUEUE, Messages.persistent("3"), false, true);
        world.settle();

        assertThat(world.server.frames(ClientFrame.DeclareAddress.class))
                .extracting(ClientFrame.DeclareAddress::address)
                .containsExactly(QUEUE, Address.topic("orders"));
        world.transport.link.breakDown();
        session.send(QUEUE, Messages.persistent("4"), false, true).await();

        assertThat(world.server.frames(ClientFrame.DeclareAddress.class)).hasSize(3);
        assertThat(Messages.texts(world.server.contents(QUEUE))).containsExactly("1", "3", "4");
    }

    @Test
    void shouldGiveAliasesOutAnewWhenTheyAreUsedUp() throws Exception {
        for (int number = 0; number <= Aliases.COUNT_MAX; number++) {
            session.send(Address.queue("q" + number), Messages.persistent("m" + number), false, true);
        }
        session.send(Address.queue("q7"), Messages.persistent("again"), false, true)
                .await();

        assertThat(world.server.frames(ClientFrame.DeclareAddress.class))
                .extracting(ClientFrame.DeclareAddress::alias)
                .allMatch(alias -> alias <= Aliases.COUNT_MAX);
        assertThat(Messages.texts(world.server.contents(Address.queue("q7")))).containsExactly("m7", "again");
        assertThat(Messages.texts(world.server.contents(Address.queue("q4096"))))
                .containsExactly("m4096");
    }

    @Test
    void shouldWakeTheEventLoopOnceForAllThatHasGathered() throws Exception {
        int executed = world.transport.executed;
        int flushes = world.transport.link.flushes;

        for (int number = 0; number < 100; number++) {
            session.send(QUEUE, Messages.persistent("m"), false, true);
        }
        assertThat(world.transport.executed).isEqualTo(executed + 1);
        world.transport.runAll();

        assertThat(world.transport.link.flushes).isEqualTo(flushes + 1);
    }

    /** It would only lie in memory, encoded. */
    @Test
    void shouldSendNoMoreThanTheSocketTakes() throws Exception {
        FakeTransport.FakeLink link = world.transport.link;
        link.flushesMax = link.flushes + 1;
        session.send(QUEUE, Messages.persistent("0"), false, true);
        world.settle();
        for (int number = 1; number < 10; number++) {
            session.send(QUEUE, Messages.persistent("" + number), false, true);
            world.settle();
        }
        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(1);
        int executed = world.transport.executed;
        session.send(QUEUE, Messages.persistent("10"), false, true);
        assertThat(world.transport.executed).as("nobody is woken for it").isEqualTo(executed);

        link.catchUp();
        world.settle();

        assertThat(Messages.texts(world.server.contents(QUEUE)))
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        assertThat(link.flushes).isEqualTo(link.flushesMax + 1);
    }

    @Test
    void shouldFlushWhenMuchHasGathered() throws Exception {
        FakeTransport.FakeLink link = world.transport.link;
        int flushes = link.flushes;
        link.muchFrames = 10;
        for (int number = 0; number < 95; number++) {
            session.send(QUEUE, Messages.persistent("m"), false, true);
        }
        world.settle();

        assertThat(world.server.contents(QUEUE)).hasSize(95);
        assertThat(link.flushes).isEqualTo(flushes + 10);
    }

    @Test
    void shouldSendOnTheNextLinkWhatTheSocketDidNotTake() throws Exception {
        world.transport.link.flushesMax = world.transport.link.flushes;
        session.send(QUEUE, Messages.persistent("1"), false, true);
        world.settle();
        assertThat(world.server.frames(ClientFrame.Send.class)).isEmpty();

        world.transport.link.breakDown();
        world.settle();
        session.send(QUEUE, Messages.persistent("2"), false, true);
        world.settle();

        assertThat(Messages.texts(world.server.contents(QUEUE))).containsExactly("1", "2");
    }

    @Test
    void shouldRefuseWhatIsLongerThanTheServerTakes() {
        assertThatThrownBy(() -> session.send(QUEUE, Messages.ofLength(1 << 20), false, true))
                .hasMessageContaining("queue 'orders' is longer than the 1048576 bytes")
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.RESOURCE_LIMIT);
    }

    @Test
    void shouldRefuseBytesThatAreNoEnvelope() {
        assertThatThrownBy(() -> session.send(QUEUE, new byte[7], false, true)).isInstanceOf(MalformedException.class);
    }

    @Test
    void shouldWaitForRoomInTheWindow() throws Exception {
        open(10_000);
        world.server.autoSync = false;
        for (int number = 0; number < 5; number++) {
            session.send(QUEUE, Messages.ofLength(1900), false, true);
        }
        boolean[] waited = {false};
        world.whileWaiting = () -> {
            waited[0] = true;
            world.server.autoSync = true;
        };

        session.send(QUEUE, Messages.ofLength(1900), false, true).await();

        assertThat(waited).containsExactly(true);
        assertThat(world.server.contents(QUEUE)).hasSize(6);
    }

    @Test
    void shouldFreeRoomOnce() throws Exception {
        open(10_000);
        for (int number = 0; number < 12; number++) {
            session.send(QUEUE, Messages.ofLength(1900), false, true).await();
        }
        world.server.autoSync = false;
        for (int number = 0; number < 5; number++) {
            session.send(QUEUE, Messages.ofLength(1900), false, true);
        }
        boolean[] waited = {false};
        world.whileWaiting = () -> {
            waited[0] = true;
            world.server.autoSync = true;
        };

        session.send(QUEUE, Messages.ofLength(1900), false, true);
        assertThat(waited)
                .as("a window of 10 000 bytes with five messages in it is full")
                .containsExactly(true);
    }

    /** The server confirms at once only what it is told that somebody waits for. */
    @Test
    void shouldNotWaitForAServerThatTakesItsTime() throws Exception {
        open(4 << 20);
        world.server.beLate();
        long sinceNs = world.transport.nanoTime();
        for (int number = 0; number < 20; number++) {
            session.send(QUEUE, Messages.ofLength(700_000), false, false);
        }
        world.settle();

        assertThat(world.transport.nanoTime()).isEqualTo(sinceNs);
        assertThat(world.server.contents(QUEUE)).hasSize(20);
        assertThat(world.server.frames(ClientFrame.Send.class))
                .extracting(ClientFrame.Send::awaited)
                .startsWith(false, false, true)
                .contains(true);
    }

    @Test
    void shouldLearnLateOfWhatNobodyWaitsFor() throws Exception {
        open(1 << 24);
        world.server.beLate();
        List<String> told = new ArrayList<>();
        session.send(QUEUE, Messages.volatileOne("1"), false, false).whenDone((value, failure) -> told.add("1"));
        world.settle();
        assertThat(told).isEmpty();

        session.send(QUEUE, Messages.volatileOne("2"), false, true).await();

        assertThat(told).containsExactly("1");
    }

    @Test
    void shouldLearnAtOnceOfAFailureThatNobodyWaitsFor() throws Exception {
        open(1 << 24);
        world.server.beLate();
        List<String> told = new ArrayList<>();

        session.send(Address.queue("forbidden"), Messages.volatileOne("1"), false, false)
                .whenDone((value, failure) -> told.add(failure.code().name()));
        world.settle();

        assertThat(told).containsExactly("INVALID_DESTINATION");
    }

    @Test
    void shouldSayWhyThereIsNoRoom() throws Exception {
        open(10_000);
        world.server.autoSync = false;
        for (int number = 0; number < 5; number++) {
            session.send(QUEUE, Messages.ofLength(1900), false, true);
        }

        assertThatThrownBy(() -> session.send(QUEUE, Messages.ofLength(1900), false, true))
                .hasMessageContaining("within 30000 ms (requestTimeout): since 2026-")
                .hasMessageContaining("9700 bytes that the server has not confirmed (windowBytes 10000)")
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.RESOURCE_LIMIT);
    }

    @Test
    void shouldSendOneMessageThatIsLongerThanTheWindow() throws Exception {
        open(100);

        session.send(QUEUE, Messages.ofLength(5000), false, true).await();
        session.send(QUEUE, Messages.ofLength(5000), false, true).await();

        assertThat(world.server.contents(QUEUE)).hasSize(2);
    }

    @Test
    void shouldNotWaitForRoomOnTheEventLoop() throws Exception {
        open(100);
        world.server.autoSync = false;
        session.send(QUEUE, Messages.ofLength(5000), false, true);

        world.transport.inLoop(() -> {
            try {
                session.send(QUEUE, Messages.ofLength(5000), false, true);
            } catch (EngineException e) {
                throw new AssertionError(e);
            }
        });
        world.settle();

        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(2);
    }

    private void open(long windowBytes) throws EngineException {
        ConnectionOptions all = ConnectionOptions.defaults();
        world.options = new ConnectionOptions(
                all.prefetch(),
                10_000,
                30_000,
                5_000,
                300_000,
                -1,
                50,
                5_000,
                false,
                10_000,
                windowBytes,
                1,
                300_000,
                1);
        connection = world.connect();
        session = connection.openSession();
        world.settle();
    }

    @Test
    void shouldCreateAndDeleteTemporaryDestinations() throws Exception {
        Address temporary = new Address(Address.Kind.TEMPORARY_QUEUE, "t-1");

        connection.createTemporary(temporary).await();
        assertThat(world.server.hasTemporary(temporary)).isTrue();
        connection.deleteTemporary(temporary).await();

        assertThat(world.server.hasTemporary(temporary)).isFalse();
        assertThatThrownBy(() -> connection.deleteTemporary(temporary).await())
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.INVALID_DESTINATION);
    }
}
