package io.posthorn.jms.session.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.Reading;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SessionThreadsTest {

    private static final int ENOUGH = 2;
    private static final int MANY = 300;

    private final Growth growth = new Growth(ENOUGH);
    private final SessionThreads threads = new SessionThreads(growth, TimeUnit.MILLISECONDS.toNanos(50));
    private final List<Work> made = new ArrayList<>();
    private final Set<Thread> seen = ConcurrentHashMap.newKeySet();

    @AfterEach
    void shouldLeaveNoThreadBehind() throws Exception {
        for (Work work : made) {
            work.dispatcher.end();
        }
        for (Thread thread : seen) {
            thread.join();
        }
    }

    @Test
    void shouldServeAllByThoseThatAreAwakeWhenTheyComeOneByOne() throws Exception {
        Semaphore done = new Semaphore(0);
        List<Work> works = works(10, done::release);
        for (int round = 0; round < 200; round++) {
            works.get(round % works.size()).order();
            done.acquire();
        }
        // The worker may still be on its way to bed when the next order comes, which then calls another one: no more
        // than work at once.
        assertThat(seen).hasSizeLessThanOrEqualTo(ENOUGH);
    }

    @Test
    void shouldServeManyQuickSessionsWithFewThreads() throws Exception {
        CountDownLatch done = new CountDownLatch(100 * MANY);
        List<Work> works = works(MANY, done::countDown);
        for (int round = 0; round < 100; round++) {
            works.forEach(Work::order);
        }
        done.await();
        assertThat(seen).hasSizeLessThan(MANY / 4);
    }

    @Test
    void shouldGiveEachAThreadWhenAllWaitForTheLast() throws Exception {
        CountDownLatch all = new CountDownLatch(MANY);
        List<Work> works = works(MANY, () -> {
            all.countDown();
            await(all);
        });
        works.forEach(Work::order);
        all.await();
        assertThat(seen).hasSize(MANY);
    }

    @Test
    void shouldLetMoreWorkWhereTheyOftenWaitForShortTimes() throws Exception {
        AtomicInteger waiting = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Work> works = works(16, () -> {
            most.accumulateAndGet(waiting.incrementAndGet(), Math::max);
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(300));
            waiting.decrementAndGet();
        });
        while (most.get() < 4 * ENOUGH || enough() < 2 * ENOUGH) {
            assertThat(Thread.currentThread().isInterrupted()).as("too late").isFalse();
            works.forEach(Work::order);
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
        }
    }

    /** How many may work, as far as was seen who waits. */
    private int enough() {
        synchronized (threads) {
            return growth.enough();
        }
    }

    @Test
    void shouldForgetWhoIsGivenUpWhileItWaitsAndServeItAnewLater() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<Work> stuck = works(ENOUGH, () -> await(release));
        for (int round = 0; round < 1_000; round++) {
            stuck.forEach(Work::order);
            Work gone = works(1, () -> {}).get(0);
            gone.order();
            gone.dispatcher.retire();
            assertThat(gone.done.get()).isLessThanOrEqualTo(1);
            release.countDown();
        }
        Work back = made.get(made.size() - 1);
        back.dispatcher.ensureRunning(false);
        back.order();
        while (back.done.get() < back.ordered.get()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldServeOthersAtOnceWhileMoreThanEnoughAreStuck() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<Work> stuck = works(3 * ENOUGH, () -> await(release));
        stuck.forEach(Work::order);
        Semaphore done = new Semaphore(0);
        Work quick = works(1, done::release).get(0);
        for (int round = 0; round < 100; round++) {
            quick.order();
            assertThat(done.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        }
        release.countDown();
    }

    @Test
    void shouldLetOthersHaveTheirTurnBesideOneThatAlwaysHasWork() throws Exception {
        CountDownLatch others = new CountDownLatch(20);
        List<Work> endless = works(ENOUGH, () -> {});
        endless.forEach(work -> work.ordered.addAndGet(Integer.MAX_VALUE / 2));
        endless.forEach(work -> work.dispatcher.signal());
        works(20, others::countDown).forEach(Work::order);
        others.await();
    }

    @Test
    void shouldMissNoSignalAndNeverWorkTwiceAtATime() throws Exception {
        long seed = System.nanoTime();
        int each = 20_000;
        List<Work> works = works(7, () -> {});
        List<Thread> signallers = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            Random random = new Random(seed + number);
            signallers.add(new Thread(() -> {
                for (int order = 0; order < each; order++) {
                    works.get(random.nextInt(works.size())).order();
                }
            }));
        }
        signallers.forEach(Thread::start);
        for (Thread signaller : signallers) {
            signaller.join();
        }
        while (works.stream().mapToInt(work -> work.done.get()).sum() < 4 * each) {
            Thread.onSpinWait();
        }
        assertThat(works).as("seed %s", seed).noneMatch(work -> work.overlapped);
    }

    @Test
    void shouldLookAgainWhenItIsSignalledWhileItFindsNothing() throws Exception {
        CountDownLatch looks = new CountDownLatch(100);
        AtomicReference<Dispatcher> self = new AtomicReference<>();
        self.set(new Dispatcher(
                "test",
                () -> {
                    looks.countDown();
                    self.get().signal();
                    return false;
                },
                Reading.NEVER,
                threads));
        self.get().ensureRunning(false);
        self.get().signal();
        looks.await();
        self.get().end();
    }

    @Test
    void shouldGoOnWithAnotherThreadWhenTheCrewChangesWhileItFindsNothing() throws Exception {
        Work other = works(1, () -> {}).get(0);
        BlockingQueue<Thread> looks = new LinkedBlockingQueue<>();
        Dispatcher dispatcher = new Dispatcher(
                "test",
                () -> {
                    looks.add(Thread.currentThread());
                    other.dispatcher.ensureRunning(true);
                    return false;
                },
                Reading.NEVER,
                threads);
        dispatcher.ensureRunning(false);
        dispatcher.signal();

        assertThat(looks.take()).isNotSameAs(looks.take());
        dispatcher.end();
    }

    @Test
    void shouldGoOnWhereItWasWhenTheCrewChangesInTheMiddle() throws Exception {
        CountDownLatch done = new CountDownLatch(50_000);
        Work work = works(1, done::countDown).get(0);
        work.ordered.set(50_000);
        work.dispatcher.signal();
        Work other = works(1, () -> {}).get(0);
        while (done.getCount() > 0) {
            other.dispatcher.ensureRunning(true);
            other.dispatcher.letJvmEnd();
        }
        assertThat(work.overlapped).isFalse();
    }

    @Test
    void shouldWorkUnderTheClassLoaderOfWhoeverMadeTheClaim() throws Exception {
        BlockingQueue<ClassLoader> contexts = new LinkedBlockingQueue<>();
        BlockingQueue<Thread> workers = new LinkedBlockingQueue<>();
        ClassLoader one = loader();
        ClassLoader other = loader();
        for (ClassLoader loader : List.of(one, other, one)) {
            Work work = as(
                    loader,
                    () -> works(1, () -> {
                                contexts.add(Thread.currentThread().getContextClassLoader());
                                workers.add(Thread.currentThread());
                            })
                            .get(0));
            work.order();
            assertThat(contexts.take()).isSameAs(loader);
        }
        for (Thread worker : workers) {
            while (worker.getContextClassLoader() != SessionThreads.class.getClassLoader()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldTakeOverNothingOfWhoeverCausesAThreadToBeMade() throws Exception {
        InheritableThreadLocal<String> inheritable = new InheritableThreadLocal<>();
        inheritable.set("of the caller");
        BlockingQueue<Optional<String>> found = new LinkedBlockingQueue<>();
        Work work = works(1, () -> found.add(Optional.ofNullable(inheritable.get())))
                .get(0);
        work.order();
        inheritable.remove();

        assertThat(found.take()).isEmpty();
    }

    @Test
    void shouldKeepNothingOfAnApplicationThatIsGone() throws Exception {
        Semaphore done = new Semaphore(0);
        works(1, done::release).get(0).order();
        done.acquire();
        WeakReference<ClassLoader> gone = useAndGo(done);
        while (gone.get() != null) {
            System.gc();
            Thread.onSpinWait();
        }
        made.get(0).order();
        done.acquire();
    }

    /** Its listener leaves the class loader with a worker. */
    private WeakReference<ClassLoader> useAndGo(Semaphore done) throws Exception {
        ClassLoader loader = loader();
        ThreadLocal<Object> left = new ThreadLocal<>();
        Work work = as(
                loader,
                () -> works(1, () -> {
                            left.set(Thread.currentThread().getContextClassLoader());
                            done.release();
                        })
                        .get(0));
        work.order();
        done.acquire();
        work.dispatcher.end();
        made.remove(work);
        return new WeakReference<>(loader);
    }

    @Test
    void shouldKeepTheJvmAliveOnlyWhileAskedTo() throws Exception {
        BlockingQueue<Thread> workers = new LinkedBlockingQueue<>();
        Work work = works(1, () -> workers.add(Thread.currentThread())).get(0);
        work.order();
        Thread first = workers.take();
        assertThat(first.isDaemon()).isTrue();

        work.dispatcher.ensureRunning(true);
        first.join();
        work.order();
        Thread second = workers.take();
        assertThat(second.isDaemon()).isFalse();

        work.dispatcher.letJvmEnd();
        second.join();
        work.order();
        assertThat(workers.take().isDaemon()).isTrue();
    }

    @Test
    void shouldHaveAThreadThatKeepsTheJvmAliveEvenWhenThereIsNothingToDo() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Work work = works(1, () -> {}).get(0);
        work.dispatcher.ensureRunning(true);
        assertThat(newWorkers(before)).isNotEmpty().anyMatch(thread -> !thread.isDaemon());

        work.dispatcher.end();
        while (newWorkers(before).stream().anyMatch(thread -> !thread.isDaemon())) {
            Thread.onSpinWait();
        }
    }

    private List<Thread> newWorkers(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread instanceof Worker && !before.contains(thread) && thread.isAlive())
                .toList();
    }

    @Test
    void shouldEndThreadsThatAreIdleForLongButOne() throws Exception {
        CountDownLatch all = new CountDownLatch(20);
        List<Work> works = works(20, () -> {
            all.countDown();
            await(all);
        });
        works.forEach(Work::order);
        all.await();
        while (seen.stream().filter(Thread::isAlive).count() > 1) {
            Thread.onSpinWait();
        }
        works.get(0).order();
        while (works.get(0).done.get() < 2) {
            Thread.onSpinWait();
        }
        assertThat(seen).hasSize(20);
    }

    @Test
    void shouldDoNothingAfterTheEnd() throws Exception {
        Work work = works(1, () -> {}).get(0);
        work.dispatcher.end();
        work.dispatcher.ensureRunning(true);
        work.order();
        Semaphore done = new Semaphore(0);
        works(1, done::release).get(0).order();
        done.acquire();
        assertThat(work.done).hasValue(0);
    }

    @Test
    void shouldGoOnAfterADefect() throws Exception {
        Semaphore done = new Semaphore(0);
        AtomicInteger times = new AtomicInteger();
        Work work = works(1, () -> {
                    Thread.currentThread().interrupt();
                    if (times.incrementAndGet() == 1) {
                        throw new AssertionError("the test's work fails");
                    }
                    done.release();
                })
                .get(0);
        work.order();
        work.order();
        done.acquire();
        work.order();
        done.acquire();
    }

    private List<Work> works(int count, Runnable task) {
        List<Work> works = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            Work work = new Work(task);
            work.dispatcher.ensureRunning(false);
            works.add(work);
        }
        made.addAll(works);
        return works;
    }

    private static ClassLoader loader() {
        return new URLClassLoader(new URL[0], SessionThreadsTest.class.getClassLoader());
    }

    private static <T> T as(ClassLoader loader, java.util.concurrent.Callable<T> call) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return call.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Does its task once for each order. */
    private final class Work {

        final Dispatcher dispatcher = new Dispatcher("test", this::work, Reading.NEVER, threads);
        final AtomicInteger ordered = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        final Runnable task;
        private final AtomicInteger inside = new AtomicInteger();
        volatile boolean overlapped;

        Work(Runnable task) {
            this.task = task;
        }

        void order() {
            ordered.incrementAndGet();
            dispatcher.signal();
        }

        private boolean work() {
            if (done.get() >= ordered.get() || !dispatcher.isCurrentWorker()) {
                return false;
            }
            overlapped |= inside.incrementAndGet() > 1 || Thread.interrupted();
            seen.add(Thread.currentThread());
            try {
                done.incrementAndGet();
                task.run();
            } finally {
                inside.decrementAndGet();
            }
            return true;
        }
    }
}
