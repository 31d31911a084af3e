package io.posthorn.engine.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.ConnectionOptions;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promises, with threads of the JVM. */
class PromiseTest {

    private final Patience patience = new Patience(
            new World(1).transport, Threads.JVM, ConnectionOptions.defaults(), () -> "connected to a test");

    @Test
    @Timeout(30)
    void shouldWakeAllThatWait() throws Exception {
        Promise promise = new Promise("the test", patience);
        ConcurrentLinkedQueue<Long> values = new ConcurrentLinkedQueue<>();
        CountDownLatch started = new CountDownLatch(3);
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            Thread thread = new Thread(() -> {
                started.countDown();
                try {
                    values.add(promise.await());
                } catch (EngineException e) {
                    throw new AssertionError(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();

        promise.settle(7, null);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(values).containsExactly(7L, 7L, 7L);
    }

    @Test
    void shouldCallBackInOrderAndOnlyOnce() {
        Promise promise = new Promise("the test", patience);
        List<String> told = new ArrayList<>();
        promise.whenDone((value, failure) -> told.add("first"));
        promise.whenDone((value, failure) -> told.add("second"));
        promise.settle(0, new EngineException(ErrorCode.SECURITY, "no"));
        promise.settle(0, null);
        promise.whenDone((value, failure) -> told.add("late " + failure.code()));

        assertThat(told).containsExactly("first", "second", "late SECURITY");
        assertThatThrownBy(promise::await)
                .as("the stack is the caller's")
                .satisfies(e -> assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("await"))
                .hasMessage("no");
    }

    @Test
    @Timeout(30)
    void shouldStayInterruptedAndWaitAllTheSame() throws Exception {
        Promise promise = new Promise("the test", patience);
        Thread waiting = Thread.currentThread();
        Thread settling = new Thread(() -> {
            while (waiting.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            promise.settle(1, null);
        });
        settling.start();
        waiting.interrupt();

        assertThat(promise.await()).isEqualTo(1);
        assertThat(Thread.interrupted()).isTrue();
        settling.join();
    }
}
