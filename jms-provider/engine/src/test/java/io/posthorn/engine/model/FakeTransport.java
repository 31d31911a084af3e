package io.posthorn.engine.model;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Reading;
import io.posthorn.engine.transport.Link;
import io.posthorn.engine.transport.LinkListener;
import io.posthorn.engine.transport.Transport;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** An event loop that the test runs, a clock that the test moves, and links to a server in memory. */
public final class FakeTransport implements Transport {

    /** Some day in 2026. */
    private static final long START_MS = 1_790_000_000_000L;

    private final ModelServer server;
    private final int addresses;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::atNs).thenComparingLong(Timer::order));
    private long nowNs = 1;
    private long order;
    private boolean running;

    /** Addresses that nobody answers at, neither yes nor no. */
    public final List<Integer> silent = new ArrayList<>();

    /** Addresses that refuse the socket. */
    public final List<Integer> refusing = new ArrayList<>();

    public final List<Integer> attempts = new ArrayList<>();
    public final List<Long> attemptTimesMs = new ArrayList<>();
    public FakeLink link;
    public int executed;
    public int timed;
    public boolean released;
    public long limitsSeen;

    /** Whether threads of the application may do what the event loop does, which is not at work then. */
    public boolean takesHere;

    /** How often they did. */
    public int doneHere;

    public final FakeReading reading = new FakeReading();

    FakeTransport(ModelServer server, int addresses) {
        this.server = server;
        this.addresses = addresses;
    }

    @Override
    public void connect(int addressIndex, LinkListener listener) {
        attempts.add(addressIndex);
        attemptTimesMs.add(nowMs());
        if (silent.contains(addressIndex)) {
            return;
        }
        tasks.add(() -> {
            if (refusing.contains(addressIndex) || !server.listens) {
                listener.onClosed(new EngineException(ErrorCode.CONNECTION_LOST, "connection refused"));
            } else {
                link = new FakeLink(listener);
                listener.onOpen(link);
            }
        });
    }

    @Override
    public int addressCount() {
        return addresses;
    }

    @Override
    public String addressText(int addressIndex) {
        return "tcp://host" + addressIndex + ":7660";
    }

    @Override
    public void execute(Runnable task) {
        executed++;
        tasks.add(task);
    }

    @Override
    public boolean tryHere(BooleanSupplier task) {
        if (!takesHere || running) {
            return false;
        }
        boolean[] done = {false};
        inLoop(() -> done[0] = task.getAsBoolean());
        doneHere += done[0] ? 1 : 0;
        return done[0];
    }

    @Override
    public Reading reading() {
        return reading;
    }

    @Override
    public boolean inEventLoop() {
        return running;
    }

    @Override
    public Runnable schedule(Runnable task, long delayMs) {
        Timer timer = new Timer(nowNs + TimeUnit.MILLISECONDS.toNanos(delayMs), order++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public long nowMs() {
        return START_MS + TimeUnit.NANOSECONDS.toMillis(nowNs);
    }

    @Override
    public long nanoTime() {
        return nowNs;
    }

    @Override
    public void limits(Link of, long frameLengthMax, long messageLengthMax, long heartbeatMs) {
        limitsSeen = messageLengthMax;
    }

    @Override
    public void release() {
        released = true;
    }

    /** Runs what is due; whether there was anything. */
    public boolean runAll() {
        boolean any = false;
        while (true) {
            while (!timers.isEmpty() && timers.peek().atNs() <= nowNs) {
                tasks.add(timers.poll().task());
                timed++;
            }
            Runnable task = tasks.poll();
            if (task == null) {
                return any;
            }
            any = true;
            inLoop(task);
        }
    }

    /** Runs something as the event loop does. */
    public void inLoop(Runnable task) {
        boolean before = running;
        running = true;
        try {
            task.run();
        } finally {
            running = before;
        }
    }

    long nextTimerNs() {
        return timers.isEmpty() ? Long.MAX_VALUE : timers.peek().atNs();
    }

    void advanceTo(long ns) {
        nowNs = Math.max(nowNs, ns);
    }

    /** Moves the clock; what is due runs with the next {@link #runAll}. */
    public void pass(long ms) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(ms);
    }

    private record Timer(long atNs, long order, Runnable task) {}

    /** The flush of a link, from 1, at which it breaks and the listener is told before it returns; 0 for none. */
    public int breakAtFlush;

    /** One link. What the client has not flushed, the server never sees. */
    public final class FakeLink implements Link {

        private final LinkListener listener;
        private final List<ClientFrame> unflushed = new ArrayList<>();
        public boolean closed;
        public int flushes;

        /** After so many the socket takes no more, until {@link #catchUp}. */
        public int flushesMax = Integer.MAX_VALUE;

        /** So many frames that are not flushed are much. */
        public int muchFrames = Integer.MAX_VALUE;

        private boolean caughtUp;
        private final List<Runnable> whenWritten = new ArrayList<>();

        FakeLink(LinkListener listener) {
            this.listener = listener;
        }

        @Override
        public boolean beginHere() {
            return !closed;
        }

        @Override
        public void send(ClientFrame frame) {
            if (!running) {
                throw new AssertionError("a frame is sent from outside of the event loop: " + frame);
            }
            if (frame instanceof ClientFrame.Unsubscribe unsubscribe
                    && unsubscribe.name().length() > 1000) {
                throw new IllegalArgumentException("a frame that is too long");
            }
            unflushed.add(frame);
        }

        @Override
        public void flush() {
            flushes++;
            if (flushes == breakAtFlush) {
                breakAtFlush = 0;
                unflushed.clear();
                breakDown();
                return;
            }
            if (!closed) {
                unflushed.forEach(frame -> server.arrive(this, frame));
            }
            unflushed.clear();
        }

        @Override
        public boolean isBehind() {
            return unflushed.size() >= muchFrames || !caughtUp && flushes >= flushesMax;
        }

        @Override
        public void whenWritten(Runnable task) {
            if (isBehind()) {
                whenWritten.add(task);
            } else {
                task.run();
            }
        }

        /** The socket has taken all. */
        public void catchUp() {
            caughtUp = true;
            tasks.addAll(whenWritten);
            whenWritten.clear();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                server.onLinkEnded(this);
                tasks.add(() -> listener.onClosed(new EngineException(ErrorCode.CLOSED, "closed by the client")));
            }
        }

        /** A read burst from the server. */
        public void deliver(List<? extends ServerFrame> frames) {
            List<ServerFrame> burst = List.copyOf(frames);
            tasks.add(() -> {
                if (!closed) {
                    burst.forEach(listener::onFrame);
                    listener.onBurstEnd();
                }
            });
        }

        /** The network breaks; what is under way is lost. */
        public void breakDown() {
            if (!closed) {
                closed = true;
                server.onLinkEnded(this);
                inLoop(() -> listener.onClosed(new EngineException(ErrorCode.CONNECTION_LOST, "connection reset")));
            }
        }
    }

    /** Nobody really reads here. */
}
