package io.posthorn.benchmarks;

import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.ContentMemory;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.QueueConsumer;
import io.posthorn.broker.queue.Receiver;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One entry into a queue of some depth, the oldest out to a consumer, and settled. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class QueueBenchmark {
    private static final long CONTENT_BYTES_MAX = 1L << 40;

    @Param({"0", "1000", "1000000"})
    private int depth;

    private final Envelope envelope = Samples.message(true);
    private final Delivered delivered = new Delivered();
    private MessageQueue queue;
    private QueueConsumer consumer;
    private long position;
    private long credit;

    @Setup
    public void fill() {
        queue = new MessageQueue(
                1,
                "queue 'orders'",
                true,
                DestinationSettings.DEFAULTS,
                new Silent(),
                new ContentMemory(CONTENT_BYTES_MAX),
                new Residency(Long.MAX_VALUE, BrokerSettings.BLOCK_ENTRIES));
        consumer = queue.dealer().attach(1, delivered, null, false);
        for (int number = 0; number < depth; number++) {
            add();
        }
    }

    @Benchmark
    public long addAndTake() {
        add();
        consumer.grant(0, ++credit);
        queue.offer();
        EntryRanges taken = EntryRanges.of(delivered.entry);
        consumer.letGo(taken);
        queue.settle(taken);
        return delivered.entry;
    }

    private void add() {
        queue.add(queue.nextEntry(), position++, envelope, new Content(envelope));
    }

    /** Notes what came last. */
    private static final class Delivered implements Receiver {
        private long entry;

        @Override
        public void deliver(QueueConsumer to, Outgoing outgoing) {
            entry = outgoing.entry();
        }

        @Override
        public void recall(QueueConsumer from) {
            throw new IllegalStateException("there is nobody else to have it");
        }

        @Override
        public void drained(QueueConsumer of, long token) {
            throw new IllegalStateException("nobody asked");
        }
    }
}
