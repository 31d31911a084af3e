package io.posthorn.examples.benchmark;

import io.posthorn.examples.benchmark.scenario.Scenario;
import java.util.List;
import java.util.function.Supplier;

/**
 * One line of work in a table.
 *
 * @param work what is done, for the reader
 * @param scenario makes the work anew
 * @param metrics what is printed of it
 */
public record Row(String work, Supplier<Scenario> scenario, List<Metric> metrics) {
    static Row of(String work, Supplier<Scenario> scenario, Metric... metrics) {
        return new Row(work, scenario, List.of(metrics));
    }
}
