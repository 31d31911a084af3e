package io.posthorn.examples.benchmark.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Checks one round. Producers number their messages from 0. Each reader sees the numbers of a producer ascend, one by one when it is
 * alone; together the readers see each number once, which is checked by a sum over the scattered numbers.
 */
public final class Ledger {
    private static final Duration NOTHING_FOR = Duration.ofSeconds(30);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final long[] sent;
    private final List<Reader> readers = new ArrayList<>();

    public Ledger(int producers) {
        sent = new long[producers];
    }

    /** Says how many messages a producer has sent; to be called before {@link #awaitAll}. */
    public void sent(int producer, long count) {
        sent[producer] = count;
    }

    public Reader reader() {
        Reader reader = new Reader(sent.length);
        readers.add(reader);
        return reader;
    }

    /** Waits until everything sent has been received, and checks it. Returns how many messages that were. */
    public long awaitAll() {
        long expected = 0;
        for (long count : sent) {
            expected += count;
        }
        long last = received();
        long changedNs = System.nanoTime();
        while (received() < expected) {
            LockSupport.parkNanos(POLL_NS);
            long now = received();
            if (now != last) {
                last = now;
                changedNs = System.nanoTime();
            } else if (System.nanoTime() - changedNs > NOTHING_FOR.toNanos()) {
                throw new ScenarioException("of " + expected + " messages " + now + " came, and then none for "
                        + NOTHING_FOR.toSeconds() + " s" + faults());
            }
        }
        check(expected);
        return expected;
    }

    private long received() {
        long sum = 0;
        for (Reader reader : readers) {
            sum += reader.count.get();
        }
        return sum;
    }

    private String faults() {
        return readers.stream()
                .filter(reader -> reader.fault != null)
                .map(reader -> "; " + reader.fault)
                .collect(Collectors.joining());
    }

    private void check(long expected) {
        long scattered = 0;
        for (Reader reader : readers) {
            if (reader.fault != null) {
                throw new ScenarioException(reader.fault);
            }
            scattered -= reader.scattered;
        }
        for (int producer = 0; producer < sent.length; producer++) {
            for (long sequence = 0; sequence < sent[producer]; sequence++) {
                scattered += scatter(producer, sequence);
            }
        }
        if (received() != expected || scattered != 0) {
            throw new ScenarioException(
                    "of " + expected + " messages " + received() + " came, some of them twice in place of others");
        }
    }

    private static long scatter(int producer, long sequence) {
        long bits = (sequence + ((long) producer << 40) + 1) * 0x9E3779B97F4A7C15L;
        return (bits ^ (bits >>> 32)) * 0xD6E8FEB86659FD93L;
    }

    /** What one consumer saw. Belongs to its thread; only the count is read elsewhere, and publishes the rest. */
    public final class Reader {
        private final long[] next;
        private final AtomicLong count = new AtomicLong();
        private long scattered;
        private String fault;

        private Reader(int producers) {
            next = new long[producers];
        }

        void received(int producer, long sequence) {
            boolean alone = readers.size() == 1;
            if (sequence < next[producer] || (alone && sequence != next[producer])) {
                fault = fault != null
                        ? fault
                        : "message " + sequence + " of producer " + producer + " came when " + next[producer]
                                + " was due";
            }
            next[producer] = sequence + 1;
            scattered += scatter(producer, sequence);
            count.lazySet(count.getPlain() + 1);
        }

        /** A fault that is not of order; the round fails with it. */
        void failed(String text) {
            fault = text;
            count.lazySet(count.getPlain() + 1);
        }
    }
}
