package io.posthorn.examples.benchmark;

import io.posthorn.examples.benchmark.provider.Bench;
import io.posthorn.examples.benchmark.provider.Provider;
import io.posthorn.examples.benchmark.provider.Site;
import io.posthorn.examples.benchmark.scenario.ScenarioException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the rows of a table: opens all providers at a row, warms each up, lets them take turns, and closes them. A provider that fails is
 * out for this row, with the reason.
 */
final class Runner {
    private final Plan plan;
    private final long blockSyncNs;
    private final TablePrinter printer;

    Runner(Plan plan, long blockSyncNs, TablePrinter printer) {
        this.plan = plan;
        this.blockSyncNs = blockSyncNs;
        this.printer = printer;
    }

    void run(String table, List<Row> rows) throws IOException, InterruptedException {
        printer.begin();
        for (int index = 0; index < rows.size(); index++) {
            Row row = rows.get(index);
            if (plan.rows().matcher(row.work()).find()) {
                run(table, index, row);
            }
        }
        printer.end();
    }

    private void run(String table, int index, Row row) throws IOException, InterruptedException {
        Samples samples = new Samples();
        Map<Provider, Bench> benches = new LinkedHashMap<>();
        try {
            for (Provider provider : plan.providers()) {
                if (provider.sendsAsynchronously() || !row.scenario().get().sendsAsynchronously()) {
                    open(provider, table, index, row, benches);
                }
            }
            for (int warmUp = 0; warmUp < plan.warmUps(); warmUp++) {
                turn(row, benches, new Samples());
            }
            for (int pair = 0; pair < plan.pairs(); pair++) {
                turn(row, benches, samples);
            }
        } finally {
            for (Provider provider : List.copyOf(benches.keySet())) {
                close(row, provider, benches);
            }
        }
        printer.row(row, samples);
    }

    private void open(Provider provider, String table, int index, Row row, Map<Provider, Bench> benches)
            throws IOException, InterruptedException {
        Site site = new Site(
                Site.findTarget(),
                plan.folder().resolve(provider.name() + "-" + table + "-" + index),
                freePort(),
                blockSyncNs,
                plan.options());
        try {
            benches.put(provider, Bench.open(provider, site, table, index));
        } catch (ScenarioException | IllegalStateException e) {
            printer.failed(row, provider, e);
        }
    }

    private void turn(Row row, Map<Provider, Bench> benches, Samples samples) {
        for (Map.Entry<Provider, Bench> turn : List.copyOf(benches.entrySet())) {
            try {
                samples.add(turn.getKey().name(), turn.getValue().run(plan.round(), row.metrics()));
            } catch (IOException | ScenarioException | IllegalStateException e) {
                printer.failed(row, turn.getKey(), e);
                close(row, turn.getKey(), benches);
            }
        }
    }

    /** A server that has died takes no farewell; that is its own affair, and the others go on. */
    private void close(Row row, Provider provider, Map<Provider, Bench> benches) {
        try {
            benches.remove(provider).close();
        } catch (IOException e) {
            printer.failed(row, provider, e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
