package io.posthorn.examples.benchmark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** What the providers measured at one row, round by round: round 1 of one stood beside round 1 of the other. */
final class Samples {
    private final Map<String, List<Map<Metric, Double>>> rounds = new HashMap<>();

    void add(String provider, Map<Metric, Double> values) {
        rounds.computeIfAbsent(provider, key -> new ArrayList<>()).add(values);
    }

    /** The median of a provider's rounds; empty when it has none. */
    OptionalDouble median(String provider, Metric metric) {
        return median(values(provider, metric));
    }

    /** The peer with the best median. */
    Optional<String> best(Collection<String> peers, Metric metric) {
        Comparator<String> byMedian =
                Comparator.comparingDouble(peer -> median(peer, metric).orElseThrow());
        return peers.stream()
                .filter(peer -> median(peer, metric).isPresent())
                .max(metric.isBetterWhenMore() ? byMedian : byMedian.reversed());
    }

    /** The median of the ratios of rounds that stood side by side. */
    OptionalDouble ratio(String provider, String peer, Metric metric) {
        List<Double> ours = values(provider, metric);
        List<Double> theirs = values(peer, metric);
        return median(IntStream.range(0, Math.min(ours.size(), theirs.size()))
                .mapToObj(index -> ours.get(index) / theirs.get(index))
                .toList());
    }

    private List<Double> values(String provider, Metric metric) {
        return rounds.getOrDefault(provider, List.of()).stream()
                .filter(values -> values.containsKey(metric))
                .map(values -> values.get(metric))
                .toList();
    }

    private static OptionalDouble median(List<Double> values) {
        if (values.isEmpty()) {
            return OptionalDouble.empty();
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return OptionalDouble.of(
                sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }
}
