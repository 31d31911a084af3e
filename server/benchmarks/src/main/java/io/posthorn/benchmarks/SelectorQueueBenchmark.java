package io.posthorn.benchmarks;

import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.ContentMemory;
import io.posthorn.broker.lane.Gate;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.QueueConsumer;
import io.posthorn.broker.queue.Receiver;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.selector.InvalidSelectorSyntaxException;
import io.posthorn.wire.selector.Selector;
import java.util.Map;
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

/** One entry into a queue with many selectors, out to the one consumer that wants it, and settled. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SelectorQueueBenchmark implements Receiver {
    private static final long CONTENT_BYTES_MAX = 1L << 40;

    @Param({"1", "20", "1000"})
    private int selectors;

    /** Whether the selectors begin with an equality, by which the queue finds its consumers. */
    @Param({"true", "false"})
    private boolean equality;

    private Envelope[] messages;
    private MessageQueue queue;
    private QueueConsumer taker;
    private long taken;
    private int next;

    @Setup
    public void attach() throws InvalidSelectorSyntaxException {
        queue = new MessageQueue(
                1,
                "queue 'orders'",
                true,
                DestinationSettings.DEFAULTS,
                new Silent(),
                new ContentMemory(CONTENT_BYTES_MAX),
                new Residency(Long.MAX_VALUE, BrokerSettings.BLOCK_ENTRIES));
        messages = new Envelope[selectors];
        String operator = equality ? " = " : " BETWEEN ";
        for (int kind = 0; kind < selectors; kind++) {
            String wanted = equality ? String.valueOf(kind) : kind + " AND " + kind;
            Selector selector = Selector.parse("kind" + operator + wanted + " AND region IN ('north', 'south')");
            queue.dealer().attach(kind, this, selector, false).grant(0, Long.MAX_VALUE);
            messages[kind] =
                    Samples.build(false, Map.of("kind", kind, "region", "north"), new byte[Samples.BODY_LENGTH]);
        }
    }

    @Benchmark
    public long addAndTake() {
        Envelope message = messages[next];
        next = (next + 1) % selectors;
        queue.add(queue.nextEntry(), Gate.position(0), message, new Content(message));
        queue.offer();
        EntryRanges entry = EntryRanges.of(taken);
        taker.letGo(entry);
        queue.settle(entry);
        return taken;
    }

    @Override
    public void deliver(QueueConsumer to, Outgoing outgoing) {
        taker = to;
        taken = outgoing.entry();
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
