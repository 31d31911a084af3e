package io.posthorn.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.examples.benchmark.provider.Providers;
import io.posthorn.examples.benchmark.provider.Site;
import io.posthorn.examples.benchmark.scenario.Round;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One row with Posthorn alone, for a moment: that the whole chain works, not how fast. */
class SmokeTest {
    @TempDir
    private Path folder;

    @Test
    void shouldPrintARowOfATable() throws IOException, InterruptedException {
        Plan plan = new Plan(
                List.of(Providers.all().get(Providers.OWN)),
                0,
                1,
                new Round(Duration.ofMillis(300), 1),
                Pattern.compile("one to one, ASYNCHRONOUS"),
                folder,
                new Site.Options(List.of(), List.of()));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

        new Runner(plan, 1, new TablePrinter(out, plan.providers()))
                .run("cost", Tables.all().get("cost"));

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .containsPattern("\\| one to one, ASYNCHRONOUS \\| /s \\| [1-9]")
                .containsPattern("\\| server CPU µs each \\| [0-9]")
                .containsPattern("\\| client allocates B each \\| [1-9]");
    }
}
