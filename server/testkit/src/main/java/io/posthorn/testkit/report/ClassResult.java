package io.posthorn.testkit.report;

import java.util.List;

/**
 * What became of the tests of one class.
 *
 * @param name the class, as Surefire names it
 * @param ran tests that were run, skipped ones not counted
 * @param skipped tests that were found and not run
 * @param failures one line for each test that failed or ended in an error: its name and what went wrong
 * @param seconds time spent in the tests
 */
public record ClassResult(String name, int ran, int skipped, List<String> failures, double seconds) {
    public ClassResult {
        failures = List.copyOf(failures);
    }

    public int failed() {
        return failures.size();
    }

    public int passed() {
        return ran - failed();
    }
}
