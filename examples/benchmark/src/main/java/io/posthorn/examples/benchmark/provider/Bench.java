package io.posthorn.examples.benchmark.provider;

import io.posthorn.examples.benchmark.Metric;
import io.posthorn.examples.benchmark.scenario.Outcome;
import io.posthorn.examples.benchmark.scenario.Round;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One provider at one row of work: its server, its worker and a gauge at each, on data of their own that is deleted at the end. */
public final class Bench implements AutoCloseable {
    private static final double NS_PER_US = TimeUnit.MICROSECONDS.toNanos(1);

    private final Site site;
    private final Server server;
    private final WorkerProcess worker;
    private final Gauge serverGauge;
    private final Gauge workerGauge;

    private Bench(Site site, Server server, WorkerProcess worker) throws IOException {
        this.site = site;
        this.server = server;
        this.worker = worker;
        this.serverGauge = Gauge.attach(server.pid());
        this.workerGauge = Gauge.attach(worker.pid());
    }

    /** Starts both processes and opens the scenario. */
    public static Bench open(Provider provider, Site site, String table, int row)
            throws IOException, InterruptedException {
        Files.createDirectories(site.folder());
        Server server = Server.start(provider, site);
        WorkerProcess worker = null;
        try {
            worker = WorkerProcess.start(provider, site, table, row);
            return new Bench(site, server, worker);
        } catch (IOException | RuntimeException e) {
            if (worker != null) {
                worker.close();
            }
            server.close();
            throw e;
        }
    }

    /** What was measured in a round: what the worker says, and as far as it is asked for, what it cost both processes. */
    public Map<Metric, Double> run(Round round, List<Metric> wanted) throws IOException {
        boolean weighs = wanted.contains(Metric.SERVER_HEAP);
        Weight before = weighs ? weigh() : null;
        Gauge.Reading serverBefore = serverGauge.read();
        Gauge.Reading workerBefore = workerGauge.read();
        Outcome outcome = worker.run(round);
        Gauge.Reading serverAfter = serverGauge.read();
        Gauge.Reading workerAfter = workerGauge.read();
        server.requireQuiet();

        double count = outcome.count();
        Map<Metric, Double> values = new EnumMap<>(outcome.values());
        values.put(Metric.SERVER_CPU_US, (serverAfter.cpuNs() - serverBefore.cpuNs()) / count / NS_PER_US);
        values.put(Metric.CLIENT_CPU_US, (workerAfter.cpuNs() - workerBefore.cpuNs()) / count / NS_PER_US);
        values.put(Metric.SERVER_SLEEPS, (serverAfter.sleeps() - serverBefore.sleeps()) / count);
        values.put(Metric.CLIENT_SLEEPS, (workerAfter.sleeps() - workerBefore.sleeps()) / count);
        values.put(Metric.SERVER_ALLOCATED, (serverAfter.allocated() - serverBefore.allocated()) / count);
        values.put(Metric.CLIENT_ALLOCATED, (workerAfter.allocated() - workerBefore.allocated()) / count);
        if (weighs) {
            Weight after = weigh();
            values.put(Metric.SERVER_HEAP, (after.serverHeap - before.serverHeap) / count);
            values.put(Metric.SERVER_RESIDENT, (after.serverResident - before.serverResident) / count);
            values.put(Metric.CLIENT_HEAP, (after.clientHeap - before.clientHeap) / count);
        }
        return values;
    }

    private Weight weigh() throws IOException {
        return new Weight(serverGauge.heap(), serverGauge.resident(), workerGauge.heap());
    }

    public long serverPid() {
        return server.pid();
    }

    public long workerPid() {
        return worker.pid();
    }

    @Override
    public void close() throws IOException {
        try (server;
                worker) {
            serverGauge.close();
            workerGauge.close();
        } finally {
            deleteFolder();
        }
    }

    private void deleteFolder() throws IOException {
        try (Stream<Path> files = Files.walk(site.folder())) {
            files.sorted(Comparator.reverseOrder()).forEach(Bench::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + file, e);
        }
    }

    private record Weight(long serverHeap, long serverResident, long clientHeap) {}
}
