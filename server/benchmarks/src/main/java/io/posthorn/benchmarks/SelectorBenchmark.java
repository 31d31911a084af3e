package io.posthorn.benchmarks;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.selector.InvalidSelectorSyntaxException;
import io.posthorn.wire.selector.Selector;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One selector against one message, evaluated in its bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SelectorBenchmark {
    private static final String REST = " AND region IN ('north', 'east', 'south') AND weight BETWEEN 10 AND 90";

    private final Envelope envelope = Samples.messageWithProperties();
    private Selector matching;
    private Selector other;

    @Setup
    public void parse() throws InvalidSelectorSyntaxException {
        matching = Selector.parse("kind = 7" + REST);
        other = Selector.parse("kind = 8" + REST);
    }

    @Benchmark
    public boolean match() {
        return matching.matches(envelope);
    }

    @Benchmark
    public boolean mismatchAtOnce() {
        return other.matches(envelope);
    }
}
