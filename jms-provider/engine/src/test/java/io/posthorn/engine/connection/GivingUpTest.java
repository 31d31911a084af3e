package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.Pending;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

/** How long, how often and where a lost link is tried again. */
class GivingUpTest {

    private static final Address QUEUE = Address.queue("q");

    private final World world = new World(2);

    private ResumingConnection connect(long timeoutMs, int attempts) throws EngineException {
        world.options = World.options("reconnectTimeout=" + timeoutMs + "&maxReconnectAttempts=" + attempts);
        ResumingConnection connection = world.connect();
        world.settle();
        world.transport.attempts.clear();
        world.transport.attemptTimesMs.clear();
        return connection;
    }

    @Test
    void shouldTryAllAddressesAtOnceAndThenWithGrowingPauses() throws Exception {
        connect(0, -1);
        world.server.listens = false;
        long startMs = world.transport.nowMs();
        world.transport.link.breakDown();
        world.settle();
        assertThat(world.transport.attempts).startsWith(0, 1);
        assertThat(world.transport.attemptTimesMs).startsWith(startMs, startMs);
        world.pass(600_000);

        List<Long> pauses = new ArrayList<>();
        List<Long> times = world.transport.attemptTimesMs;
        for (int index = 2; index < times.size(); index += 2) {
            pauses.add(times.get(index) - times.get(index - 1));
        }
        assertThat(pauses.get(0)).isLessThanOrEqualTo(50);
        assertThat(pauses).allMatch(pause -> pause <= 5_000).anyMatch(pause -> pause > 2_500);
        assertThat(pauses.size()).isGreaterThan(120);
    }

    @Test
    void shouldGiveUpWhenTheTimeIsOver() throws Exception {
        ResumingConnection connection = connect(20_000, -1);
        List<EngineException> losses = new ArrayList<>();
        connection.onLost(losses::add);
        world.server.listens = false;
        world.transport.link.breakDown();
        world.pass(19_000);
        assertThat(connection.isLost()).isFalse();
        world.pass(1_100);

        assertThat(connection.isLost()).isTrue();
        assertThat(losses)
                .singleElement()
                .satisfies(loss -> assertThat(loss)
                        .hasMessageContaining("given up after 20000 ms (reconnectTimeout)")
                        .hasMessageContaining("the link to tcp://host0:7660 ended at 2026-")
                        .hasMessageContaining("connection refused"));
        assertThat(world.startedThreads).anyMatch(name -> name.startsWith("posthorn-notices-"));
        int attempts = world.transport.attempts.size();
        world.pass(60_000);
        assertThat(world.transport.attempts).hasSize(attempts);
    }

    @Test
    void shouldTellOfAllThatWasLeftInTheOutbox() throws Exception {
        world.server.preload(QUEUE, Messages.persistent("1"));
        world.server.preload(QUEUE, Messages.persistent("2"));
        ResumingConnection connection = connect(20_000, -1);
        connection.start();
        EngineSession session = connection.openSession();
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        world.server.listens = false;
        world.transport.link.breakDown();
        Pending acknowledged = session.acknowledge(consumer.poll(), false);
        assertThat(session.acknowledge(consumer.poll(), false)).isSameAs(acknowledged);
        List<ErrorCode> told = new ArrayList<>();
        acknowledged.whenDone((value, failure) -> told.add(failure.code()));
        session.send(QUEUE, Messages.volatileOne("3"), false, (value, failure) -> told.add(failure.code()));
        world.pass(20_100);

        assertThat(told).containsExactly(ErrorCode.CONNECTION_LOST, ErrorCode.CONNECTION_LOST);
    }

    @Test
    void shouldGiveUpInTimeWhenNobodyAnswers() throws Exception {
        ResumingConnection connection = connect(20_000, -1);
        world.transport.silent.addAll(List.of(0, 1));
        world.transport.link.breakDown();
        world.pass(20_100);

        assertThat(connection.isLost()).isTrue();
    }

    @Test
    void shouldSayHowLongItReallyWaited() throws Exception {
        ResumingConnection connection = connect(14_000, -1);
        List<EngineException> losses = new ArrayList<>();
        connection.onLost(losses::add);
        world.transport.silent.addAll(List.of(0, 1));
        world.transport.link.breakDown();
        world.pass(14_100);

        assertThat(losses)
                .singleElement()
                .satisfies(loss -> assertThat(loss)
                        .hasMessageContaining("given up after 14000 ms (reconnectTimeout)")
                        .hasMessageContaining("no answer within 4000 ms, all that was left of reconnectTimeout"));
    }

    @Test
    void shouldGiveUpAfterSoManyAttempts() throws Exception {
        ResumingConnection connection = connect(0, 3);
        world.server.listens = false;
        world.transport.link.breakDown();
        world.pass(10_000);

        assertThat(world.transport.attempts).containsExactly(0, 1, 0);
        assertThat(connection.isLost()).isTrue();
    }

    @Test
    void shouldNotTryAtAllWithZeroAttempts() throws Exception {
        ResumingConnection connection = connect(0, 0);
        world.transport.link.breakDown();
        world.settle();

        assertThat(world.transport.attempts).isEmpty();
        assertThat(connection.isLost()).isTrue();
    }

    @Test
    void shouldNotTryAgainWhenTheServerEndsItForGood() throws Exception {
        ResumingConnection connection = connect(0, -1);
        world.server.say(new ServerFrame.Closed(ErrorCode.DISPLACED, "another took its place"));
        world.settle();

        assertThat(connection.isLost()).isTrue();
        assertThatThrownBy(() -> connection.unsubscribe("s").await()).hasMessageContaining("another took its place");
    }

    @Test
    void shouldFollowTheServerToTheOtherAddress() throws Exception {
        ResumingConnection connection = connect(0, -1);
        world.transport.refusing.add(0);
        world.transport.link.breakDown();
        connection.unsubscribe("s").await();

        assertThat(world.transport.attempts).containsExactly(0, 1);
    }

    @Test
    void shouldFailACallInItsTimeWhileItIsInterrupted() throws Exception {
        ResumingConnection connection = connect(0, -1);
        world.server.listens = false;
        world.transport.link.breakDown();
        long beforeMs = world.transport.nowMs();

        assertThatThrownBy(() -> connection.unsubscribe("s").await())
                .hasMessageContaining("the connection is interrupted")
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.TIMEOUT);
        assertThat(world.transport.nowMs() - beforeMs).isBetween(30_000L, 30_001L);
    }

    /** Every call that waits for the server, with the setting that bounds it. */
    @Test
    void shouldEndEveryCallInItsTimeWhileItIsInterrupted() throws Exception {
        ResumingConnection connection = connect(0, -1);
        EngineSession session = connection.openSession();
        connection.start();
        EngineConsumer consumer = session.attach(Source.queue(Address.queue("q"), null));
        Address temporary = Address.temporary(Address.Kind.TEMPORARY_QUEUE, connection.id(), 1);
        BranchId branch = new BranchId(1, new byte[] {1}, new byte[] {2});
        world.server.listens = false;
        world.transport.link.breakDown();

        assertEnds(30_000, () -> connection.identify("c").await());
        assertEnds(30_000, () -> session.attach(Source.queue(Address.queue("r"), null)));
        assertEnds(
                30_000,
                () -> session.send(Address.queue("q"), Messages.persistent("a"), false, true)
                        .await());
        assertEnds(30_000, () -> session.commit().await());
        assertEnds(30_000, () -> session.rollback().await());
        assertEnds(30_000, () -> connection.createTemporary(temporary).await());
        assertEnds(30_000, () -> connection.deleteTemporary(temporary).await());
        assertEnds(30_000, () -> connection.unsubscribe("s").await());
        assertEnds(30_000, () -> session.xaStart(branch, 0, null).await());
        assertEnds(30_000, () -> session.xaEnd(branch, 0x04000000).await());
        assertEnds(30_000, () -> session.xaTimeout(9).await());
        assertEnds(30_000, () -> connection.prepare(branch).await());
        assertEnds(30_000, () -> connection.commit(branch, false).await());
        assertEnds(30_000, () -> connection.rollback(branch).await());
        assertEnds(30_000, () -> connection.forget(branch).await());
        assertEnds(30_000, connection::recover);
        // A receive looks again whenever it is woken; here only time does that.
        world.turn = () -> world.transport.pass(1);
        assertEnds(31_000, () -> consumer.receive(TimeUnit.SECONDS.toNanos(1)));
        world.turn = null;
        assertEnds(5_000, consumer::close);
        assertEnds(5_000, session::close);
        assertEnds(10_000, connection::close);
    }

    private void assertEnds(long boundMs, ThrowableAssert.ThrowingCallable call) {
        long beforeMs = world.transport.nowMs();
        Throwable failure = Assertions.catchThrowable(call);
        assertThat(failure == null || failure instanceof EngineException).isTrue();
        assertThat(world.transport.nowMs() - beforeMs).isLessThanOrEqualTo(boundMs + 1);
    }
}
