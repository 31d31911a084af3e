package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often and how long a new connection looks for a server. */
class FirstConnectTest {

    private final World world = new World(2);

    private void options(int attempts, long timeoutMs) {
        world.options = World.options("initialConnectAttempts=" + attempts + "&initialConnectTimeout=" + timeoutMs);
    }

    private long spentMs() {
        return world.transport.nowMs();
    }

    @Test
    void shouldTryEachAddressOnceUnlessToldOtherwise() {
        world.server.listens = false;

        assertThatThrownBy(world::connect).hasMessageStartingWith("no connection: tcp://host0:7660");

        assertThat(world.transport.attempts).containsExactly(0, 1);
    }

    @Test
    void shouldWaitForAServerThatIsStillStarting() throws Exception {
        options(-1, 60_000);
        world.server.listens = false;
        world.whileWaiting = () -> world.server.listens = world.transport.attempts.size() >= 7;

        ResumingConnection connection = world.connect();

        assertThat(world.transport.attempts).startsWith(0, 1, 0, 1, 0, 1, 0);
        assertThat(connection.isLost()).isFalse();
    }

    @Test
    void shouldPauseBetweenRoundsAsBetweenAttemptsToResume() {
        options(12, 0);
        world.server.listens = false;

        assertThatThrownBy(world::connect)
                .hasMessageStartingWith("no connection after 12 rounds in ")
                .hasMessageContaining("(initialConnectAttempts, initialConnectTimeout): tcp://host0:7660")
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.CONNECTION_LOST);

        List<Long> times = world.transport.attemptTimesMs;
        assertThat(times).hasSize(24);
        assertThat(times.get(2) - times.get(1)).isLessThanOrEqualTo(50);
        for (int index = 2; index < times.size(); index += 2) {
            assertThat(times.get(index) - times.get(index - 1)).isLessThanOrEqualTo(5_000);
            assertThat(times.get(index + 1)).isEqualTo(times.get(index));
        }
        assertThat(times.get(23) - times.get(0)).isGreaterThan(1_000);
    }

    @Test
    void shouldGiveUpWhenTheTimeIsOverEvenIfNobodyAnswers() {
        options(-1, 25_000);
        world.transport.silent.addAll(List.of(0, 1));
        long beforeMs = spentMs();

        assertThatThrownBy(world::connect).hasMessageContaining("initialConnectTimeout");

        assertThat(spentMs() - beforeMs).isBetween(25_000L, 25_100L);
        assertThat(world.transport.released).isTrue();
    }

    @Test
    void shouldNotTryAgainWhatCannotHelp() {
        options(-1, 60_000);
        world.server.refuse = ErrorCode.SECURITY;
        assertThatThrownBy(world::connect)
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.SECURITY);
        assertThat(world.transport.attempts).containsExactly(0);
    }

    @Test
    void shouldNotTryAgainAnotherVersion() {
        options(-1, 60_000);
        world.server.refuse = ErrorCode.VERSION;

        assertThatThrownBy(world::connect)
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.VERSION);
        assertThat(world.transport.attempts).containsExactly(0, 1);
    }
}
