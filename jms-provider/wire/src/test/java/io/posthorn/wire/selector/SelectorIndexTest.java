package io.posthorn.wire.selector;

import static io.posthorn.wire.selector.Verdicts.message;
import static io.posthorn.wire.selector.Verdicts.parsed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import io.posthorn.wire.message.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SelectorIndexTest {

    private static final int ROUNDS = 20_000;

    private final SelectorIndex<String> index = new SelectorIndex<>();

    @Test
    void shouldNameThoseWhoseEqualityHolds() {
        add("kind = 1 AND weight > 5");
        add("kind = 2");
        add("region = 'north'");
        add("JMSType = 'car'");

        assertThat(candidates(message("kind", 1))).containsExactly("kind = 1 AND weight > 5");
        assertThat(candidates(message("kind", 2, "region", "north")))
                .containsExactlyInAnyOrder("kind = 2", "region = 'north'");
        assertThat(candidates(new EnvelopeBuilder().type("car").build())).containsExactly("JMSType = 'car'");
        assertThat(candidates(message("kind", 3, "region", "south"))).isEmpty();
    }

    @Test
    void shouldAlwaysNameThoseWithoutAnEquality() {
        add("kind > 1");
        add(null);
        index.add(null, "browser");

        assertThat(candidates(message())).containsExactlyInAnyOrder("kind > 1", "null", "browser");
    }

    @Test
    void shouldTakeNumbersOfAllTypesForTheSame() {
        add("n = 5");

        for (Object five : new Object[] {(byte) 5, (short) 5, 5, 5L, 5.0f, 5.0}) {
            assertThat(candidates(message("n", five))).as("%s", five).containsExactly("n = 5");
        }
        for (Object other : new Object[] {5.5, Double.NaN, Double.POSITIVE_INFINITY, "5", true, 'c'}) {
            assertThat(candidates(message("n", other))).as("%s", other).isEmpty();
        }
    }

    @Test
    void shouldForgetWhoIsTakenOut() {
        add("kind = 1");
        index.add(parsed("kind = 1"), "second");
        add("kind > 1");

        index.remove(parsed("kind = 1"), "kind = 1");
        index.remove(parsed("kind > 1"), "kind > 1");
        assertThat(candidates(message("kind", 1))).containsExactly("second");

        index.remove(parsed("kind = 1"), "second");
        index.remove(parsed("kind = 1"), "second");
        assertThat(candidates(message("kind", 1))).isEmpty();
    }

    @Test
    void shouldRefuseBrokenProperties() {
        add("kind = 1");
        byte[] bytes = message("kind", 1).bytes();
        bytes[bytes.length - 5] = 99; // the type of the value
        Envelope broken = Envelope.of(bytes);

        assertThatThrownBy(() -> candidates(broken)).isInstanceOf(MalformedException.class);
    }

    @Test
    void shouldNameEveryOneThatMatchesOnce() {
        long seed = System.nanoTime();
        System.out.println("SelectorIndexTest.shouldNameEveryOneThatMatchesOnce: seed " + seed);
        Random random = new Random(seed);
        RandomSelectors selectors = new RandomSelectors(random);
        List<Selector> all = new ArrayList<>();
        SelectorIndex<Selector> filled = new SelectorIndex<>();
        for (int count = 0; count < 200; count++) {
            String key = "p" + random.nextInt(3) + " = " + literal(random);
            String text = random.nextInt(5) > 0
                    ? key + " AND (" + selectors.condition(1).text() + ")"
                    : selectors.condition(2).text();
            Selector selector = parsed(random.nextBoolean() ? key : text);
            all.add(selector);
            filled.add(selector, selector);
        }
        int matches = 0;
        for (int round = 0; round < ROUNDS; round++) {
            EnvelopeBuilder builder = new EnvelopeBuilder().priority(random.nextInt(10));
            for (int property = 0; property < 3; property++) {
                builder.property("p" + property, value(random));
            }
            Envelope message = builder.build();
            List<Selector> candidates = new ArrayList<>();
            filled.forEachCandidate(message, candidates::add);
            assertThat(candidates).as("seed %d", seed).doesNotHaveDuplicates();
            for (Selector selector : all) {
                if (selector.matches(message)) {
                    matches++;
                    assertThat(candidates.contains(selector))
                            .as("seed %d round %d: %s", seed, round, selector)
                            .isTrue();
                }
            }
        }
        assertThat(matches).isGreaterThan(ROUNDS);
    }

    private static String literal(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> "'" + (char) ('a' + random.nextInt(3)) + "'";
            case 1 -> "'\uD800'";
            default -> String.valueOf(random.nextInt(4));
        };
    }

    private static Object value(Random random) {
        int number = random.nextInt(4);
        return switch (random.nextInt(7)) {
            case 0 -> number;
            case 1 -> (long) number;
            case 2 -> (double) number;
            case 3 -> (float) number / 2;
            case 4 -> "?";
            case 5 -> "\uD800";
            default -> String.valueOf((char) ('a' + number));
        };
    }

    private void add(String selector) {
        index.add(parsed(selector), String.valueOf(selector));
    }

    private List<String> candidates(Envelope message) {
        List<String> found = new ArrayList<>();
        index.forEachCandidate(message, found::add);
        return found;
    }
}
