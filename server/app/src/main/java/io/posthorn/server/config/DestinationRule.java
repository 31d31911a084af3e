package io.posthorn.server.config;

import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.limit.LimitPolicy;
import io.posthorn.broker.limit.QueueLimit;
import io.posthorn.broker.limit.RetryRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Settings for the destinations whose name matches. A part that is null leaves the decision to the rules that follow, and
 * at last to the default.
 */
public record DestinationRule(
        NamePattern match,
        Boolean syncFlush,
        Integer redeliveryMax,
        Integer redeliveryAtOnce,
        Duration redeliveryDelay,
        Double redeliveryDelayFactor,
        Duration redeliveryDelayMax,
        String deadLetterQueue,
        Boolean buriesExpired,
        Long messagesMax,
        Long bytesMax,
        LimitPolicy whenFull) {

    public DestinationRule {
        Objects.requireNonNull(match, "match");
    }

    /** Without anything about attempts' delays, expiry and limits. */
    public DestinationRule(NamePattern match, Boolean syncFlush, Integer redeliveryMax, String deadLetterQueue) {
        this(match, syncFlush, redeliveryMax, null, null, null, null, deadLetterQueue, null, null, null, null);
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
                retry(rules, name, defaults.retry()),
                first(rules, name, DestinationRule::deadLetterQueue, defaults.deadLetterQueue()),
                first(rules, name, DestinationRule::buriesExpired, defaults.buriesExpired()),
                new QueueLimit(
                        first(rules, name, DestinationRule::messagesMax, Long.MAX_VALUE),
                        first(rules, name, DestinationRule::bytesMax, Long.MAX_VALUE),
                        first(rules, name, DestinationRule::whenFull, null)));
    }

    private static RetryRule retry(List<DestinationRule> rules, String name, RetryRule defaults) {
        Duration delay = first(rules, name, DestinationRule::redeliveryDelay, Duration.ofMillis(defaults.delayMs()));
        Duration longest =
                first(rules, name, DestinationRule::redeliveryDelayMax, Duration.ofMillis(defaults.delayMaxMs()));
        return new RetryRule(
                first(rules, name, DestinationRule::redeliveryMax, defaults.attemptsMax()),
                first(rules, name, DestinationRule::redeliveryAtOnce, defaults.atOnce()),
                delay.toMillis(),
                first(rules, name, DestinationRule::redeliveryDelayFactor, defaults.factor()),
                Math.max(delay.toMillis(), longest.toMillis()));
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
