package io.posthorn.examples.benchmark;

import io.posthorn.examples.benchmark.machine.Limits;
import io.posthorn.examples.benchmark.machine.Steal;
import io.posthorn.examples.benchmark.provider.Provider;
import io.posthorn.examples.benchmark.provider.Providers;
import io.posthorn.examples.benchmark.provider.Site;
import io.posthorn.examples.benchmark.scenario.Round;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures JMS providers side by side: one command for each table. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        description = "Runs a table of work with each provider in turn and prints medians and ratios of paired rounds.")
public final class Benchmark implements Callable<Integer> {
    private static final double MS_PER_SECOND = 1e3;

    @Parameters(paramLabel = "TABLE", completionCandidates = TableNames.class, description = "${COMPLETION-CANDIDATES}")
    private String table;

    @Option(
            names = "--providers",
            split = ",",
            description = "Who takes part: posthorn, artemis, artemis-queued, classic, or builds that were put aside.")
    private List<String> providers = Providers.usual();

    @Option(names = "--rows", description = "Regular expression for the rows wanted. Default: all.")
    private Pattern rows = Pattern.compile("");

    @Option(names = "--pairs", description = "Rounds of each provider that count. Default: ${DEFAULT-VALUE}.")
    private int pairs = 5;

    @Option(names = "--warm-up", description = "Rounds of each before. Default: ${DEFAULT-VALUE}.")
    private int warmUps = 8;

    @Option(names = "--seconds", description = "How long a round is. Default: ${DEFAULT-VALUE}.")
    private double seconds = 4;

    @Option(names = "--scale", description = "Share of work that is counted, not timed. Default: ${DEFAULT-VALUE}.")
    private double scale = 1;

    @Option(names = "--folder", description = "Where the servers keep their data. Default: target/runs.")
    private Path folder = Site.findTarget().resolve("runs");

    @Option(names = "--server-option", description = "An option for the JVMs of the servers; may be repeated.")
    private List<String> serverOptions = new ArrayList<>();

    @Option(names = "--worker-option", description = "An option for the JVMs of the workers; may be repeated.")
    private List<String> workerOptions = new ArrayList<>();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Benchmark()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Row> chosen = Tables.all().get(table);
        if (chosen == null) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this),
                    "There is no table " + table + "; there are " + Tables.all().keySet());
        }
        Files.createDirectories(folder);
        Plan plan = new Plan(
                named(),
                warmUps,
                pairs,
                new Round(Duration.ofMillis((long) (seconds * MS_PER_SECOND)), scale),
                rows,
                folder,
                new Site.Options(serverOptions, workerOptions));
        Limits limits = Limits.measure(folder);
        System.out.println("Table " + table + ", medians of " + pairs + " rounds of " + seconds + " s after " + warmUps
                + " of warm-up, heap 1 GiB, Java " + Runtime.version() + ", "
                + Runtime.getRuntime().availableProcessors() + " processors.");
        System.out.println(limits.describe() + System.lineSeparator());
        Steal steal = Steal.begin();
        new Runner(plan, limits.blockSyncNs(), new TablePrinter(System.out, plan.providers())).run(table, chosen);
        System.out.println(System.lineSeparator() + steal.describe());
        return 0;
    }

    private List<Provider> named() {
        Map<String, Provider> all = Providers.all();
        List<Provider> named = new ArrayList<>();
        for (String name : providers) {
            Provider provider = all.get(name);
            if (provider == null) {
                throw new CommandLine.ParameterException(
                        new CommandLine(this), "There is no provider " + name + "; there are " + all.keySet());
            }
            named.add(provider);
        }
        return named;
    }

    /** For the help text. */
    static final class TableNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        TableNames() {
            super(Tables.all().keySet());
        }
    }
}
