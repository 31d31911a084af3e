package io.posthorn.benchmarks;

import io.posthorn.broker.Broker;
import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.Host;
import io.posthorn.broker.Login;
import io.posthorn.broker.Logs;
import io.posthorn.broker.Outlet;
import io.posthorn.journal.JournalException;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A message through the broker: sent, logged, confirmed, delivered, acknowledged. Frames go in and come out as objects; sockets, codec
 * and disk are left out.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class BrokerBenchmark {
    private static final long NOW_MS = 1_760_000_000_000L;
    private static final int BATCH = 64;
    private static final long SESSION = 1;
    private static final long CONSUMER = 1;

    @Param({"true", "false"})
    private boolean persistent;

    private final InstantJournal journal = new InstantJournal();
    private byte[] envelope;
    private Broker broker;
    private ClientFrame.Handler sender;
    private ClientFrame.Handler receiver;
    private final Deliveries deliveries = new Deliveries();
    private long sent;
    private long acknowledged;

    @Setup
    public void connect() throws JournalException {
        envelope = Samples.message(persistent).bytes();
        broker = new Broker(BrokerSettings.defaults(), new Logs(journal, new InstantJournal()), new Forgetful());
        broker.recover(NOW_MS);
        broker.advance(NOW_MS);
        sender = connect(1, new Deliveries());
        receiver = connect(2, deliveries);
        sender.onDeclareAddress(new ClientFrame.DeclareAddress(1, Samples.QUEUE));
        receiver.onAttach(
                new ClientFrame.Attach(2, SESSION, CONSUMER, 1, Source.queue(Samples.QUEUE, null), EntryRanges.NONE));
        receiver.onCredit(new ClientFrame.Credit(CONSUMER, 1, Long.MAX_VALUE));
        endTurn();
        sent = 1;
        acknowledged = 2;
    }

    private ClientFrame.Handler connect(long number, Outlet outlet) {
        ClientFrame.Connect frame =
                new ClientFrame.Connect(new UUID(number, number), null, "", null, 10_000, 0, 0, "benchmark");
        ClientFrame.Handler handler = broker.connect(frame, new Login("", Login.Permissions.ALL), outlet);
        handler.onOpenSession(new ClientFrame.OpenSession(1, SESSION));
        return handler;
    }

    /** As many as a busy loop reads in one turn, and their acknowledgements in the next, each a frame of its own. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long pass() {
        broker.advance(NOW_MS);
        for (int number = 0; number < BATCH; number++) {
            sender.onSend(new ClientFrame.Send(++sent, SESSION, false, true, 1, envelope));
        }
        endTurn();
        broker.advance(NOW_MS);
        for (int number = 0; number < BATCH; number++) {
            receiver.onAcknowledge(new ClientFrame.Acknowledge(
                    ++acknowledged, CONSUMER, false, false, EntryRanges.of(deliveries.taken())));
        }
        endTurn();
        return acknowledged;
    }

    private void endTurn() {
        broker.endTurn();
        broker.advance(NOW_MS);
        broker.onProgress(journal.end(), journal.end());
        broker.endTurn();
    }

    /** Reads nothing back, as nothing was kept. */
    private static final class Forgetful implements Host {
        @Override
        public void fetch(long key) {
            throw new IllegalStateException("nothing should be read back");
        }

        @Override
        public void scan(long segment, long from) {
            throw new IllegalStateException("nothing should be moved");
        }
    }

    /** A socket that only notes which entries came. */
    private static final class Deliveries implements Outlet {
        private final long[] entries = new long[BATCH];
        private int written;
        private int read;

        @Override
        public void send(ServerFrame frame) {
            if (frame instanceof ServerFrame.Deliver deliver) {
                entries[written++ % BATCH] = deliver.entry();
            }
        }

        long taken() {
            if (read == written) {
                throw new IllegalStateException("message " + read + " was not delivered");
            }
            return entries[read++ % BATCH];
        }

        @Override
        public void flush() {
            // frames are noted at once
        }

        @Override
        public void close() {
            throw new IllegalStateException("the broker closed the connection");
        }
    }
}
