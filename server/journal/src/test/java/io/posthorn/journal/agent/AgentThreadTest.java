package io.posthorn.journal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who does an agent's work: its own thread, or whoever borrows it while that one sleeps. */
class AgentThreadTest {

    private static final long PATIENCE_S = 20;

    private final AtomicBoolean ended = new AtomicBoolean();
    private AgentThread thread;

    @AfterEach
    void end() {
        ended.set(true);
        thread.wake();
        thread.awaitDone();
    }

    @Test
    void shouldDoTheWorkOfASleepingAgentOnTheCallingThread() {
        AtomicInteger here = new AtomicInteger();
        Thread caller = Thread.currentThread();
        start(() -> {
            here.addAndGet(Thread.currentThread() == caller ? 1 : 0);
            return Agent.UNTIL_WOKEN;
        });
        await(thread::isAsleep);

        assertThat(thread.workHere()).isTrue();

        assertThat(here).hasValue(1);
        assertThat(thread.isAsleep()).isTrue();
    }

    @Test
    void shouldNotLendAnAgentThatIsAtWork() throws InterruptedException {
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        start(() -> {
            atWork.countDown();
            awaitUnchecked(go);
            return Agent.UNTIL_WOKEN;
        });
        assertThat(atWork.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();

        assertThat(thread.workHere()).isFalse();

        go.countDown();
        await(thread::isAsleep);
        assertThat(thread.workHere()).isTrue();
    }

    @Test
    void shouldKeepItsOwnThreadAwayWhileItIsLentWhateverWakesThat() {
        AtomicReference<Thread> own = new AtomicReference<>();
        AtomicBoolean lent = new AtomicBoolean();
        AtomicInteger together = new AtomicInteger();
        AtomicInteger after = new AtomicInteger();
        Thread caller = Thread.currentThread();
        start(() -> {
            if (Thread.currentThread() != caller) {
                own.set(Thread.currentThread());
                together.addAndGet(lent.get() ? 1 : 0);
                after.incrementAndGet();
                return Agent.UNTIL_WOKEN;
            }
            lent.set(true);
            for (int i = 0; i < 50; i++) {
                LockSupport.unpark(own.get());
                LockSupport.parkNanos(100_000);
            }
            after.set(0);
            lent.set(false);
            return Agent.UNTIL_WOKEN;
        });
        await(thread::isAsleep);

        assertThat(thread.workHere()).isTrue();

        assertThat(together).hasValue(0);
        await(() -> after.get() > 0); // it was woken for something, for all it knows
    }

    @Test
    void shouldLookAgainWhenItWasWokenWhileItWasLent() {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger elsewhere = new AtomicInteger();
        Thread caller = Thread.currentThread();
        start(() -> {
            if (Thread.currentThread() == caller) {
                asked.incrementAndGet();
                thread.wake();
            } else if (asked.get() > 0) {
                elsewhere.incrementAndGet();
            }
            return Agent.UNTIL_WOKEN;
        });
        await(thread::isAsleep);

        assertThat(thread.workHere()).isTrue();

        await(() -> elsewhere.get() == 1);
    }

    @Test
    void shouldLookInTimeWhenTheWorkThatWasDoneElsewhereAsksForThat() {
        AtomicBoolean lent = new AtomicBoolean();
        AtomicInteger later = new AtomicInteger();
        Thread caller = Thread.currentThread();
        start(() -> {
            if (Thread.currentThread() == caller) {
                lent.set(true);
                return TimeUnit.MILLISECONDS.toNanos(1);
            }
            return lent.get() && later.incrementAndGet() < 3 ? TimeUnit.MILLISECONDS.toNanos(1) : Agent.UNTIL_WOKEN;
        });
        await(thread::isAsleep);

        assertThat(thread.workHere()).isTrue();

        await(() -> later.get() == 3);
    }

    @Test
    void shouldLeaveWhatDoesNotEndToItsOwnThread() {
        AtomicInteger left = new AtomicInteger(100);
        AtomicBoolean begun = new AtomicBoolean();
        start(() -> begun.get() && left.decrementAndGet() > 0 ? 0 : Agent.UNTIL_WOKEN);
        await(thread::isAsleep);
        begun.set(true);

        assertThat(thread.workHere()).isTrue();

        await(() -> left.get() <= 0 && thread.isAsleep());
    }

    @Test
    void shouldTellTheAgentOfABugThatABorrowerMet() {
        AtomicInteger works = new AtomicInteger();
        start(() -> {
            if (works.incrementAndGet() == 2) {
                throw new IllegalStateException("as asked for");
            }
            return Agent.UNTIL_WOKEN;
        });
        await(thread::isAsleep);

        assertThat(thread.workHere()).isTrue();

        thread.awaitDone();
        assertThat(ended).isTrue();
    }

    @Test
    void shouldNeverWorkTwiceAtATimeAndForgetNothing() throws InterruptedException {
        long seed = new Random().nextLong();
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean together = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        start(() -> {
            together.compareAndSet(false, inside.incrementAndGet() > 1);
            seen.set(asked.get());
            inside.decrementAndGet();
            return seen.get() % 3 == 0 ? TimeUnit.MICROSECONDS.toNanos(50) : Agent.UNTIL_WOKEN;
        });
        Thread[] callers = new Thread[3];
        for (int i = 0; i < callers.length; i++) {
            Random chance = new Random(seed + i);
            callers[i] = new Thread(() -> {
                for (int turn = 0; turn < 20_000; turn++) {
                    asked.incrementAndGet();
                    if (chance.nextBoolean() || !thread.workHere()) {
                        thread.wake();
                    }
                }
            });
            callers[i].start();
        }
        for (Thread caller : callers) {
            caller.join();
        }

        await(() -> seen.get() == asked.get());
        assertThat(together).as("seed %s", seed).isFalse();
    }

    private void start(LongSupplier work) {
        Agent agent = new Agent() {
            @Override
            public long work(long nowNs) {
                return work.getAsLong();
            }

            @Override
            public boolean isDone() {
                return ended.get();
            }

            @Override
            public void onBug(Throwable bug) {
                ended.set(true);
            }
        };
        thread = new AgentThread("agent-under-test", agent, System::nanoTime);
        thread.start();
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadlineNs).as("time is over").isNegative();
            LockSupport.parkNanos(100_000);
        }
    }
}
