package io.posthorn.examples.benchmark;

import io.posthorn.examples.benchmark.provider.Provider;
import io.posthorn.examples.benchmark.provider.Providers;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Prints a table in Markdown, a row as soon as it is known, and below it why a provider failed at a row. */
final class TablePrinter {
    private static final int WHOLE_FROM = 100;

    private final PrintStream out;
    private final List<String> providers;
    private final List<String> peers;
    private final List<String> notes = new ArrayList<>();

    TablePrinter(PrintStream out, List<Provider> providers) {
        this.out = out;
        this.providers = providers.stream().map(Provider::name).toList();
        this.peers = this.providers.stream()
                .filter(name -> !name.equals(Providers.OWN))
                .toList();
    }

    void begin() {
        out.println("| work | unit | " + String.join(" | ", providers) + " | " + Providers.OWN + " : best peer |");
        out.println("|---|---|" + "--:|".repeat(providers.size() + 1));
    }

    void row(Row row, Samples samples) {
        for (Metric metric : row.metrics()) {
            StringBuilder line = new StringBuilder("| " + row.work() + " | " + metric.unit() + " |");
            for (String provider : providers) {
                line.append(' ')
                        .append(format(samples.median(provider, metric)))
                        .append(" |");
            }
            OptionalDouble ratio = samples.best(peers, metric)
                    .map(peer -> samples.ratio(Providers.OWN, peer, metric))
                    .orElse(OptionalDouble.empty());
            line.append(' ')
                    .append(ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "-")
                    .append(" |");
            out.println(line);
        }
    }

    void failed(Row row, Provider provider, Exception reason) {
        String note = provider.name() + ", " + row.work() + ": " + reason.getMessage();
        System.err.println(note); // what comes next may fail in its turn
        notes.add(note);
    }

    void end() {
        notes.forEach(note -> out.println("\n" + note));
    }

    private static String format(OptionalDouble value) {
        if (value.isEmpty()) {
            return "-";
        }
        double number = value.getAsDouble();
        String pattern = Math.abs(number) >= WHOLE_FROM ? "%,.0f" : Math.abs(number) >= 1 ? "%.1f" : "%.3f";
        return String.format(Locale.ROOT, pattern, number).replace(',', ' ');
    }
}
