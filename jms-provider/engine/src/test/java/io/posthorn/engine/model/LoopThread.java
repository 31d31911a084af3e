package io.posthorn.engine.model;

import io.posthorn.engine.Reading;
import io.posthorn.engine.transport.Link;
import io.posthorn.engine.transport.LinkListener;
import io.posthorn.engine.transport.Transport;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The model behind an event loop with a thread and a clock of its own, for tests with real threads on the other side. */
public final class LoopThread implements Transport, AutoCloseable {

    public final ModelServer server = new ModelServer();
    private final FakeTransport fake = new FakeTransport(server, 1);
    private final ReentrantLock turn = new ReentrantLock();
    private volatile Thread thread;
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(task -> {
        thread = new Thread(task, "loop");
        return thread;
    });

    private void turn(Runnable task) {
        turn.lock();
        try {
            fake.inLoop(task);
            do {
                fake.runAll();
            } while (server.work());
        } finally {
            turn.unlock();
        }
    }

    public LoopThread() {
        fake.takesHere = true;
    }

    /** The network breaks. */
    public void breakDown() {
        execute(() -> fake.link.breakDown());
    }

    @Override
    public void connect(int addressIndex, LinkListener listener) {
        fake.connect(addressIndex, listener);
    }

    @Override
    public int addressCount() {
        return 1;
    }

    @Override
    public String addressText(int addressIndex) {
        return fake.addressText(addressIndex);
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(() -> turn(task));
    }

    @Override
    public boolean tryHere(BooleanSupplier task) {
        if (inEventLoop() || !turn.tryLock()) {
            return false;
        }
        boolean done;
        try {
            done = fake.tryHere(task);
        } finally {
            turn.unlock();
        }
        if (done) {
            execute(() -> {}); // the server is at work
        }
        return done;
    }

    /** How often threads of the application did what the event loop does. */
    public int doneHere() {
        return fake.doneHere;
    }

    @Override
    public Reading reading() {
        return Reading.NEVER;
    }

    @Override
    public boolean inEventLoop() {
        return Thread.currentThread() == thread || turn.isHeldByCurrentThread();
    }

    @Override
    public Runnable schedule(Runnable task, long delayMs) {
        Future<?> scheduled = loop.schedule(() -> turn(task), delayMs, TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public long nowMs() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void limits(Link of, long frameLengthMax, long messageLengthMax, long heartbeatMs) {}

    @Override
    public void release() {}

    @Override
    public void close() {
        loop.shutdownNow();
    }
}
