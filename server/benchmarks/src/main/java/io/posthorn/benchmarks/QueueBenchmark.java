package io.posthorn.benchmarks;

import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.ContentMemory;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.lane.Rows;
import io.posthorn.broker.lane.Rubble;
import io.posthorn.broker.lane.Space;
import io.posthorn.broker.queue.Courier;
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

    private static final Space NOWHERE = new Space() {
        @Override
        public void retained(long position, int bytes) {
            // nothing is written
        }

        @Override
        public void released(long position, int bytes) {
            // nothing is written
        }

        @Override
        public void leave(Rubble.Leftover page) {
            // nothing is written
        }
    };

    /** The rest of a broker that has nothing to do. */
    private static final class Silent implements Courier {
        @Override
        public long nowMs() {
            return 0;
        }

        @Override
        public void settle(MessageQueue of, EntryRanges entries) {
            throw new IllegalStateException("nothing expires");
        }

        @Override
        public long raiseDeliveryMark(MessageQueue of, long mark) {
            of.deliveryMark(mark);
            return 0;
        }

        @Override
        public void deadLetter(MessageQueue of, long entry, int attempts, Envelope dead) {
            throw new IllegalStateException("nothing dies");
        }

        @Override
        public void load(MessageQueue of, EntryBlock block, int index) {
            throw allInMemory();
        }

        @Override
        public void loadPage(MessageQueue of, EntryBlock block) {
            throw allInMemory();
        }

        @Override
        public Rows readPage(MessageQueue of, EntryBlock block) {
            throw allInMemory();
        }

        @Override
        public boolean storePage(MessageQueue of, EntryBlock block) {
            throw allInMemory();
        }

        @Override
        public long spill(Content content, long gate) {
            throw allInMemory();
        }

        private static IllegalStateException allInMemory() {
            return new IllegalStateException("everything is in memory");
        }

        @Override
        public void wakeAt(MessageQueue of, long timeMs) {
            throw new IllegalStateException("nothing is due");
        }

        @Override
        public Space space(boolean durable) {
            return NOWHERE;
        }
    }
}
