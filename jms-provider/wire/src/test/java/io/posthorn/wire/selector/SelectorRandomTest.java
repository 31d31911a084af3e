package io.posthorn.wire.selector;

import static io.posthorn.wire.selector.Verdicts.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

class SelectorRandomTest {

    private static final int ROUNDS = 60_000;
    private static final String[] SOUP = {
        "NULL",
        "TRUE",
        "false",
        "NOT",
        "AND",
        "or",
        "BETWEEN",
        "LIKE",
        "IN",
        "IS",
        "ESCAPE",
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "(",
        ")",
        ",",
        "'",
        "''",
        "'a'",
        "'%_'",
        "'!'",
        "a",
        "p0",
        "JMSType",
        "JMSPriority",
        "JMSXa",
        "JMSfoo",
        "0",
        "5",
        "5L",
        "0x",
        "0x1f",
        "08",
        "9223372036854775808",
        ".5",
        "7.",
        "1e",
        "1e400",
        "0x1p3",
        "1_0",
        "_",
        "$",
        ".",
        "\"",
        "!",
        "\u0000",
        "\uD800",
        "\uD83D\uDE00",
        "ž",
        "\t",
        "\n",
        "\u00A0",
        "--",
        "%"
    };

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldAgreeWithTheNaiveEvaluator() {
        long seed = seed("shouldAgreeWithTheNaiveEvaluator");
        Random random = new Random(seed);
        RandomSelectors selectors = new RandomSelectors(random);
        Map<String, Integer> verdicts = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            RandomSelectors.Made made = selectors.condition(random.nextInt(5));
            if (made.text().length() > Parser.LENGTH_MAX - 10) {
                continue;
            }
            Map<String, Object> facts = new HashMap<>();
            Envelope message = message(random, selectors, facts);
            Object expected = made.in(facts);
            String verdict = verdict(made.text(), message);
            assertThat(verdict)
                    .as("seed %d round %d: %s of %s", seed, round, made.text(), facts)
                    .isEqualTo(expected == null ? "UNKNOWN" : expected.equals(true) ? "TRUE" : "FALSE");
            verdicts.merge(verdict, 1, Integer::sum);
        }
        // the test would be worth little if one of them were rare
        assertThat(verdicts.values()).hasSize(3).allMatch(count -> count > ROUNDS / 10);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldMatchPatternsOfFewLettersAsTheNaiveEvaluator() throws Exception {
        long seed = seed("shouldMatchPatternsOfFewLettersAsTheNaiveEvaluator");
        Random random = new Random(seed);
        int matched = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String text = letters(random, 16, "a", "a", "b", "é");
            String pattern = letters(random, 12, "a", "a", "b", "b", "%", "_", "é");
            boolean expected = RandomSelectors.like(
                    text.codePoints().toArray(), 0, pattern.codePoints().toArray(), 0, false);
            assertThat(Selector.parse("p LIKE '" + pattern + "'").matches(Verdicts.message("p", text)))
                    .as("seed %d round %d: %s LIKE %s", seed, round, text, pattern)
                    .isEqualTo(expected);
            matched += expected ? 1 : 0;
        }
        assertThat(matched).isGreaterThan(ROUNDS / 50);
    }

    private static String letters(Random random, int countMax, String... alphabet) {
        StringBuilder letters = new StringBuilder();
        for (int i = random.nextInt(countMax + 1); i > 0; i--) {
            letters.append(alphabet[random.nextInt(alphabet.length)]);
        }
        return letters.toString();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldOnlyRefuseOrEvaluateTokenSoup() {
        long seed = seed("shouldOnlyRefuseOrEvaluateTokenSoup");
        Random random = new Random(seed);
        int accepted = 0;
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append(SOUP[random.nextInt(SOUP.length)]).append(random.nextInt(3) > 0 ? " " : "");
            }
            accepted += parseAndMatch(text.toString(), seed, round);
        }
        assertThat(accepted).isPositive();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldOnlyRefuseOrEvaluateDamagedSelectors() {
        long seed = seed("shouldOnlyRefuseOrEvaluateDamagedSelectors");
        Random random = new Random(seed);
        RandomSelectors selectors = new RandomSelectors(random);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text =
                    new StringBuilder(selectors.condition(random.nextInt(4)).text());
            for (int i = random.nextInt(4); i >= 0 && text.length() > 0; i--) {
                int at = random.nextInt(text.length());
                if (random.nextBoolean()) {
                    text.deleteCharAt(at);
                } else {
                    text.insert(at, SOUP[random.nextInt(SOUP.length)]);
                }
            }
            accepted += parseAndMatch(text.toString(), seed, round);
        }
        assertThat(accepted).isBetween(ROUNDS / 100, ROUNDS);
    }

    private static int parseAndMatch(String text, long seed, int round) {
        try {
            Selector.parse(text).matches(Verdicts.message("a", 5, "p0", "x", "p1", true));
            return 1;
        } catch (InvalidSelectorSyntaxException e) {
            assertThat(e.getMessage()).startsWith("Bad selector at column ");
            return 0;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("seed " + seed + " round " + round + ": " + text, e);
        }
    }

    /** A random message; what selectors see of it goes to {@code facts}. */
    private static Envelope message(Random random, RandomSelectors selectors, Map<String, Object> facts) {
        EnvelopeBuilder builder = new EnvelopeBuilder();
        for (String name : RandomSelectors.PROPERTIES) {
            Object value = value(random, selectors);
            if (value != null || random.nextBoolean()) {
                builder.property(name, value);
            }
            facts.put(name, seen(value));
        }
        String id = random.nextBoolean() ? selectors.text() : null;
        String correlation = random.nextBoolean() ? selectors.text() : null;
        String type = random.nextBoolean() ? selectors.text() : null;
        boolean persistent = random.nextBoolean();
        int priority = random.nextInt(10);
        long timestamp = random.nextInt(5);
        facts.put("JMSMessageID", id);
        facts.put("JMSCorrelationID", correlation);
        facts.put("JMSType", type);
        facts.put("JMSDeliveryMode", persistent ? "PERSISTENT" : "NON_PERSISTENT");
        facts.put("JMSPriority", (long) priority);
        facts.put("JMSTimestamp", timestamp);
        return builder.messageId(id)
                .correlationId(correlation)
                .type(type)
                .persistent(persistent)
                .priority(priority)
                .timestamp(timestamp)
                .build();
    }

    private static Object value(Random random, RandomSelectors selectors) {
        double[] reals = {0.0, -0.0, 1.5, -2.5, 1e300, Double.NaN, Double.NEGATIVE_INFINITY, random.nextGaussian()};
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> selectors.text();
            case 3, 4 -> random.nextBoolean();
            case 5 -> (byte) random.nextInt();
            case 6 -> (short) random.nextInt(5);
            case 7 -> random.nextInt(6);
            case 8 -> random.nextBoolean() ? random.nextLong() : random.nextInt(6);
            case 9 -> (float) reals[random.nextInt(reals.length)];
            case 10 -> reals[random.nextInt(reals.length)];
            case 11 -> random.nextBoolean() ? (Object) 'a' : new byte[] {97};
            default -> null;
        };
    }

    private static Object seen(Object value) {
        if (value instanceof Float || value instanceof Double) {
            return ((Number) value).doubleValue();
        } else if (value instanceof Number number) {
            return number.longValue();
        }
        return value == null || value instanceof String || value instanceof Boolean ? value : RandomSelectors.ODD;
    }

    private static long seed(String test) {
        long seed = Long.getLong("selector.seed", new Random().nextLong());
        System.out.println("SelectorRandomTest." + test + " -Dselector.seed=" + seed);
        return seed;
    }
}
