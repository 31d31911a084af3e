package io.posthorn.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnTest {

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Turn turn = new Turn(loop);

    @AfterEach
    void end() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void shouldLeaveToTheLoopWhatTheLoopItselfTries() {
        CompletableFuture<Boolean> done = CompletableFuture.supplyAsync(() -> turn.tryHere(() -> true), loop);

        assertThat(done.join()).isFalse();
    }

    @Test
    void shouldNotBeginInTheMidstOfWhatTheSameThreadDoes() {
        boolean[] inner = {true};
        turn.tryHere(() -> {
            inner[0] = turn.tryHere(() -> true);
            return true;
        });

        assertThat(inner[0]).isFalse();
    }

    /** An application's thread may hold locks that the one with the turn needs. */
    @Test
    void shouldNotWaitForAThreadThatHasTheTurn() {
        boolean[] other = {true};
        boolean done = turn.tryHere(() -> {
            other[0] = CompletableFuture.supplyAsync(() -> turn.tryHere(() -> true))
                    .join();
            return true;
        });

        assertThat(done).isTrue();
        assertThat(other[0]).isFalse();
        assertThat(turn.tryHere(() -> true)).as("afterwards").isTrue();
    }

    @Test
    void shouldLetTheLoopHaveTheTurnDuringWhatComesAfterwards() {
        int[] times = {0};
        turn.tryHere(() -> {
            turn.afterwards(() -> {
                assertThat(turn.isMine()).isFalse();
                CompletableFuture<Void> loops = new CompletableFuture<>();
                turn.execute(() -> loops.complete(null));
                loops.join();
                times[0]++;
            });
            return true;
        });
        turn.tryHere(() -> true);

        assertThat(times[0]).isEqualTo(1);
    }

    @Test
    void shouldDoWhatComesAfterwardsAlsoWhenTheTaskFails() {
        boolean[] done = {false};
        try {
            turn.tryHere(() -> {
                turn.afterwards(() -> done[0] = true);
                throw new UnsupportedOperationException("on purpose");
            });
        } catch (UnsupportedOperationException expected) {
            assertThat(done[0]).isTrue();
        }
        assertThat(turn.tryHere(() -> true)).isTrue();
    }
}
