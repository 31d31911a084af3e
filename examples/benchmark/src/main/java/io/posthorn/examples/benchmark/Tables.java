package io.posthorn.examples.benchmark;

import static io.posthorn.examples.benchmark.scenario.SendMode.ASYNCHRONOUS;
import static io.posthorn.examples.benchmark.scenario.SendMode.NON_PERSISTENT;
import static io.posthorn.examples.benchmark.scenario.SendMode.PERSISTENT;

import io.posthorn.examples.benchmark.scenario.SendMode;
import io.posthorn.examples.benchmark.work.Backlog;
import io.posthorn.examples.benchmark.work.Beside;
import io.posthorn.examples.benchmark.work.Crowd;
import io.posthorn.examples.benchmark.work.Depth;
import io.posthorn.examples.benchmark.work.FanOut;
import io.posthorn.examples.benchmark.work.FixedRate;
import io.posthorn.examples.benchmark.work.Holdings;
import io.posthorn.examples.benchmark.work.Queues;
import io.posthorn.examples.benchmark.work.RequestReply;
import io.posthorn.examples.benchmark.work.Selectors;
import io.posthorn.examples.benchmark.work.Stream;
import io.posthorn.examples.benchmark.work.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** All tables by name. The command and its workers both look here, so that a table and a number say what a worker has to do. */
public final class Tables {
    private static final int KIB = 1024;
    private static final int MANY = 8;
    private static final int TEN = 10;
    private static final int HUNDRED = 100;
    private static final int THOUSAND = 1_000;

    private Tables() {}

    /** The tables in alphabetical order. */
    public static Map<String, List<Row>> all() {
        Map<String, List<Row>> tables = new TreeMap<>();
        tables.put("main", main());
        tables.put("throughput", throughput());
        tables.put("latency", latency());
        tables.put("fan-out", fanOut());
        tables.put("selectors", selectors());
        tables.put("transactions", transactions());
        tables.put("connections", connections());
        tables.put("backlog", backlog());
        tables.put("cost", cost());
        tables.put("memory", memory());
        tables.put("scaling", scaling());
        return tables;
    }

    /** The work that has a target. */
    private static List<Row> main() {
        List<Row> rows = new ArrayList<>();
        rows.add(stream("one to one, non-persistent, 1 KiB", 1, 1, KIB, NON_PERSISTENT));
        rows.add(stream("one to one, persistent, 200 in flight, 1 KiB", 1, 1, KIB, ASYNCHRONOUS));
        rows.add(stream("one to one, persistent, 200 in flight, 32 KiB", 1, 1, 32 * KIB, ASYNCHRONOUS));
        rows.add(stream("one synchronous persistent sender, 1 KiB", 1, 1, KIB, PERSISTENT));
        rows.add(stream("32 synchronous persistent senders, 1 KiB", 32, 1, KIB, PERSISTENT));
        rows.add(Row.of("request/reply, non-persistent", () -> new RequestReply(KIB, NON_PERSISTENT), Metric.P50_US));
        rows.add(Row.of("request/reply, persistent", () -> new RequestReply(KIB, PERSISTENT), Metric.P50_US));
        rows.add(Row.of("fan-out to 10, deliveries", () -> new FanOut(10, KIB, false), Metric.RATE));
        rows.add(Row.of("20 selectors on one queue", () -> new Selectors(20, KIB), Metric.RATE));
        rows.add(Row.of("1 000 selectors on one queue", () -> new Selectors(1_000, KIB), Metric.RATE));
        rows.add(Row.of("transactions of 1", () -> new Transfer(1, KIB, false), Metric.RATE));
        rows.add(Row.of("transactions of 100", () -> new Transfer(100, KIB, false), Metric.RATE));
        rows.add(Row.of("5 000 a second, persistent", () -> new FixedRate(5_000, KIB), Metric.P50_US, Metric.P99_US));
        rows.addAll(backlog());
        return rows;
    }

    private static List<Row> throughput() {
        List<Row> rows = new ArrayList<>();
        for (int size : new int[] {100, KIB, 64 * KIB}) {
            for (SendMode mode : SendMode.values()) {
                String work = ", " + mode.name().toLowerCase(Locale.ROOT).replace('_', '-') + ", " + size + " B";
                rows.add(stream("one to one" + work, 1, 1, size, mode));
                rows.add(stream("8 to 8" + work, MANY, MANY, size, mode));
            }
        }
        rows.add(stream("32 senders, persistent, 1024 B", 32, 1, KIB, PERSISTENT));
        return rows;
    }

    private static List<Row> latency() {
        Metric[] metrics = {Metric.P50_US, Metric.P99_US, Metric.P999_US};
        List<Row> rows = new ArrayList<>();
        rows.add(Row.of("request/reply, non-persistent", () -> new RequestReply(KIB, NON_PERSISTENT), metrics));
        rows.add(Row.of("request/reply, persistent", () -> new RequestReply(KIB, PERSISTENT), metrics));
        rows.add(Row.of("1 000 a second, persistent", () -> new FixedRate(1_000, KIB), metrics));
        rows.add(Row.of("5 000 a second, persistent", () -> new FixedRate(5_000, KIB), metrics));
        for (int senders : new int[] {1, 6, 32}) {
            rows.add(Row.of(
                    "request/reply, non-persistent, beside " + senders + " synchronous persistent senders",
                    () -> new Beside(new RequestReply(KIB, NON_PERSISTENT), new Stream(senders, 1, KIB, PERSISTENT)),
                    Metric.P50_US,
                    Metric.P99_US,
                    Metric.RATE));
        }
        return rows;
    }

    private static List<Row> fanOut() {
        List<Row> rows = new ArrayList<>();
        for (int subscribers : new int[] {1, 10, 100}) {
            rows.add(Row.of("fan-out to " + subscribers, () -> new FanOut(subscribers, KIB, false), Metric.RATE));
        }
        for (int subscribers : new int[] {1, 10, 100}) {
            rows.add(
                    Row.of("durable fan-out to " + subscribers, () -> new FanOut(subscribers, KIB, true), Metric.RATE));
        }
        return rows;
    }

    private static List<Row> selectors() {
        List<Row> rows = new ArrayList<>();
        for (int count : new int[] {1, 20, 1_000}) {
            rows.add(Row.of(count + " selectors on one queue", () -> new Selectors(count, KIB), Metric.RATE));
        }
        return rows;
    }

    private static List<Row> transactions() {
        return List.of(
                Row.of("transactions of 1", () -> new Transfer(1, KIB, false), Metric.RATE),
                Row.of("transactions of 100", () -> new Transfer(100, KIB, false), Metric.RATE),
                Row.of("XA, two phases, of 1", () -> new Transfer(1, KIB, true), Metric.RATE),
                Row.of("XA, two phases, of 100", () -> new Transfer(100, KIB, true), Metric.RATE));
    }

    private static List<Row> connections() {
        return List.of(
                stream("one to one, non-persistent, alone", 1, 1, KIB, NON_PERSISTENT),
                Row.of(
                        "the same beside 10 000 idle connections",
                        () -> new Crowd(10_000, new Stream(1, 1, KIB, NON_PERSISTENT)),
                        Metric.RATE));
    }

    private static List<Row> backlog() {
        return List.of(Row.of(
                "fill and drain of 2 million x 100 B, persistent",
                () -> new Backlog(2_000_000, 100),
                Metric.FILL_RATE,
                Metric.DRAIN_RATE));
    }

    private static List<Row> cost() {
        List<Row> rows = new ArrayList<>();
        Metric[] metrics = {
            Metric.RATE,
            Metric.SERVER_CPU_US,
            Metric.CLIENT_CPU_US,
            Metric.SERVER_SLEEPS,
            Metric.CLIENT_SLEEPS,
            Metric.SERVER_ALLOCATED,
            Metric.CLIENT_ALLOCATED
        };
        for (SendMode mode : SendMode.values()) {
            rows.add(Row.of("one to one, " + mode, () -> new Stream(1, 1, KIB, mode), metrics));
        }
        for (int senders : new int[] {32, 64}) {
            rows.add(Row.of(
                    senders + " synchronous persistent senders",
                    () -> new Stream(senders, 1, KIB, PERSISTENT),
                    metrics));
        }
        rows.add(Row.of("request/reply, non-persistent", () -> new RequestReply(KIB, NON_PERSISTENT), metrics));
        rows.add(Row.of("request/reply, persistent", () -> new RequestReply(KIB, PERSISTENT), metrics));
        rows.add(Row.of("fan-out to 10, deliveries", () -> new FanOut(10, KIB, false), metrics));
        rows.add(Row.of("20 selectors on one queue", () -> new Selectors(20, KIB), metrics));
        rows.add(Row.of("1 000 selectors on one queue", () -> new Selectors(1_000, KIB), metrics));
        rows.add(Row.of("transactions of 1", () -> new Transfer(1, KIB, false), metrics));
        rows.add(Row.of("transactions of 100", () -> new Transfer(100, KIB, false), metrics));
        return rows;
    }

    /** What a message costs as each number grows tenfold and a hundredfold. */
    private static List<Row> scaling() {
        List<Row> rows = new ArrayList<>();
        Metric[] metrics = {
            Metric.RATE, Metric.SERVER_CPU_US, Metric.CLIENT_CPU_US, Metric.SERVER_ALLOCATED, Metric.CLIENT_ALLOCATED
        };
        for (int count : new int[] {1, TEN, HUNDRED}) {
            rows.add(Row.of(count + " producers", () -> new Stream(count, 1, KIB, ASYNCHRONOUS), metrics));
        }
        for (int count : new int[] {1, TEN, HUNDRED}) {
            rows.add(Row.of(count + " consumers", () -> new Stream(1, count, KIB, ASYNCHRONOUS), metrics));
        }
        for (int count : new int[] {TEN, HUNDRED, THOUSAND}) {
            rows.add(Row.of(count + " queues", () -> new Queues(count, KIB), metrics));
        }
        for (int count : new int[] {TEN, HUNDRED, THOUSAND}) {
            rows.add(Row.of(count + " subscriptions, a delivery", () -> new FanOut(count, KIB, false), metrics));
        }
        for (int count : new int[] {TEN, HUNDRED, THOUSAND}) {
            rows.add(Row.of(
                    "beside " + count + " idle connections",
                    () -> new Crowd(count, new Stream(1, 1, KIB, NON_PERSISTENT)),
                    metrics));
        }
        for (int depth : new int[] {TEN * THOUSAND, HUNDRED * THOUSAND, THOUSAND * THOUSAND}) {
            rows.add(Row.of(depth + " messages wait before it", () -> new Depth(depth, HUNDRED), metrics));
        }
        return rows;
    }

    private static List<Row> memory() {
        Metric[] metrics = {Metric.RATE, Metric.SERVER_HEAP, Metric.SERVER_RESIDENT, Metric.CLIENT_HEAP};
        return List.of(
                Row.of("idle connection", () -> new Holdings(Holdings.Kind.CONNECTION, 500), metrics),
                Row.of("idle consumer", () -> new Holdings(Holdings.Kind.CONSUMER, 500), metrics),
                Row.of("queued message of 100 B", () -> new Holdings(Holdings.Kind.MESSAGE, 50_000), metrics));
    }

    private static Row stream(String work, int producers, int consumers, int size, SendMode mode) {
        return Row.of(work, () -> new Stream(producers, consumers, size, mode), Metric.RATE);
    }
}
