package io.posthorn.testkit.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The result of a public suite: per class what ran, passed and failed, and whether it was the whole suite.
 *
 * @param title names the suite and its version
 * @param expected how many tests the suite has
 * @param facts how it was run, one line each
 * @param classes the classes that ran, by name
 */
public record SuiteReport(String title, int expected, List<String> facts, List<ClassResult> classes) {
    public SuiteReport {
        facts = List.copyOf(facts);
        classes = List.copyOf(classes);
    }

    /**
     * Writes the report and fails, after writing it, unless exactly the expected number of tests ran and all passed. A wrong include
     * would otherwise run nothing and look green.
     *
     * @param args title, folder of the Surefire reports, expected number of tests, file to write, then any number of facts
     */
    public static void main(String[] args) throws IOException {
        if (args.length < 4) {
            throw new IllegalArgumentException("Usage: SuiteReport TITLE REPORTS EXPECTED FILE [FACT...]");
        }
        Path reports = Path.of(args[1]);
        Path file = Path.of(args[3]);
        List<String> facts = Arrays.asList(args).subList(4, args.length);
        SuiteReport report = new SuiteReport(args[0], Integer.parseInt(args[2]), facts, ReportFolder.read(reports));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, report.toMarkdown(), StandardCharsets.UTF_8);
        Files.writeString(summaryFile(file), report.summary() + "\n", StandardCharsets.UTF_8);
        if (!report.isComplete()) {
            throw new IllegalStateException(report.summary() + ". See " + file + " and " + reports);
        }
    }

    /** The one line of the result, in a file beside the report for the build to print. */
    private static Path summaryFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".summary");
    }

    /** Whether the whole suite ran, and nothing failed or was skipped. */
    public boolean isComplete() {
        return ran() == expected && failed() == 0 && skipped() == 0;
    }

    /** One line: how many ran of how many, passed, failed, skipped, and the time spent in tests. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "%s: %d of %d ran, %d passed, %d failed, %d skipped, %.0f s in tests",
                title,
                ran(),
                expected,
                ran() - failed(),
                failed(),
                skipped(),
                classes.stream().mapToDouble(ClassResult::seconds).sum());
    }

    /** The report as Markdown: the summary, the facts, a row per class, then what failed. */
    public String toMarkdown() {
        StringBuilder text = new StringBuilder("# " + title + "\n\n" + summary() + ".\n\n");
        facts.forEach(fact -> text.append("- ").append(fact).append('\n'));
        text.append(
                "\n| class | ran | passed | failed | skipped | seconds |\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
        classes.forEach(result -> text.append(row(result)));
        if (failed() > 0) {
            text.append("\n## Failed\n\n").append(failures());
        }
        return text.toString();
    }

    private static String row(ClassResult result) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %d | %.1f |\n",
                result.name(),
                result.ran(),
                result.passed(),
                result.failed(),
                result.skipped(),
                result.seconds());
    }

    private String failures() {
        return classes.stream()
                .flatMap(result -> result.failures().stream().map(line -> "- " + result.name() + "." + line + "\n"))
                .collect(Collectors.joining());
    }

    private int ran() {
        return classes.stream().mapToInt(ClassResult::ran).sum();
    }

    private int failed() {
        return classes.stream().mapToInt(ClassResult::failed).sum();
    }

    private int skipped() {
        return classes.stream().mapToInt(ClassResult::skipped).sum();
    }
}
