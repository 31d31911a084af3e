package io.posthorn.server.config;

import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.BrokerSettings.DestinationSettings;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Settings for the destinations whose name matches. A part that is null leaves the decision to the rules that follow, and
 * at last to the default.
 */
public record DestinationRule(NamePattern match, Boolean syncFlush, Integer redeliveryMax, String deadLetterQueue) {

    public DestinationRule {
        Objects.requireNonNull(match, "match");
    }

    /** All persistent messages are confirmed when they are written, without waiting for the sync. */
    public static DestinationRule asyncFlush(String match) {
        return new DestinationRule(NamePattern.of(match), false, null, null);
    }

    /** For each part, the first rule that matches and names it decides. */
    public static BrokerSettings.Destinations toDestinations(List<DestinationRule> rules) {
        if (rules.isEmpty()) {
            return name -> DestinationSettings.DEFAULTS;
        }
        DestinationSettings defaults = DestinationSettings.DEFAULTS;
        return name -> new DestinationSettings(
                first(rules, name, DestinationRule::syncFlush, defaults.syncFlush()),
                first(rules, name, DestinationRule::redeliveryMax, defaults.redeliveryMax()),
                first(rules, name, DestinationRule::deadLetterQueue, defaults.deadLetterQueue()));
    }

    private static <T> T first(
            List<DestinationRule> rules, String name, Function<DestinationRule, T> part, T otherwise) {
        return rules.stream()
                .filter(rule -> part.apply(rule) != null && rule.match.matches(name))
                .findFirst()
                .map(part)
                .orElse(otherwise);
    }
}
