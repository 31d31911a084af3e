package io.posthorn.examples.benchmark;

import io.posthorn.examples.benchmark.provider.Provider;
import io.posthorn.examples.benchmark.provider.Site;
import io.posthorn.examples.benchmark.scenario.Round;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a table is run.
 *
 * @param providers who takes part, in the order of the turns
 * @param warmUps rounds of each that do not count
 * @param pairs rounds of each that do
 * @param round how much a round is
 * @param rows which rows of the table
 * @param folder where the runs have their data: the disk that is measured
 * @param options more options of the processes
 */
record Plan(
        List<Provider> providers,
        int warmUps,
        int pairs,
        Round round,
        Pattern rows,
        Path folder,
        Site.Options options) {}
