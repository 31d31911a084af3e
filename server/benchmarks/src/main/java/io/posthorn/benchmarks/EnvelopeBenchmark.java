package io.posthorn.benchmarks;

import io.posthorn.wire.message.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A message into bytes, and what the broker and a receiver read of the bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class EnvelopeBenchmark {
    private static final byte[] WEIGHT = "weight".getBytes(StandardCharsets.UTF_8);

    private final byte[] body = new byte[Samples.BODY_LENGTH];
    private final Map<String, Object> properties = Map.of("kind", 7, "region", "north", "weight", 42);
    private final byte[] bytes = Samples.messageWithProperties().bytes();
    private final Envelope envelope = Samples.messageWithProperties();

    @Benchmark
    public Envelope encodeWithoutProperties() {
        return Samples.build(true, Map.of(), body);
    }

    @Benchmark
    public Envelope encodeWithThreeProperties() {
        return Samples.build(true, properties, body);
    }

    /** What the server does with each message that comes in. */
    @Benchmark
    public Envelope check() {
        return Envelope.of(bytes);
    }

    @Benchmark
    public Object readOneProperty() {
        return envelope.property(WEIGHT);
    }

    @Benchmark
    public byte[] readBody() {
        return envelope.body().readRemaining();
    }
}
