package io.posthorn.server.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and times as people write them. Errors are {@link IllegalArgumentException}s that say what would be right. */
public final class Units {

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})\\s*([A-Za-z%]*)");

    private static final Map<String, Long> SIZES = Map.of(
            "",
            1L,
            "b",
            1L,
            "kib",
            1L << 10,
            "mib",
            1L << 20,
            "gib",
            1L << 30,
            "kb",
            1_000L,
            "mb",
            1_000_000L,
            "gb",
            1_000_000_000L);

    private static final int HUNDRED = 100;
    private static final int SHARE_MAX = 75;

    private static final Map<String, Long> TIMES_MS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private Units() {}

    /** Bytes: {@code 64MiB}, {@code 512 KiB}, {@code 1GB}, or a bare number of bytes. */
    public static long bytes(String text) {
        return parse(text, SIZES, "a size such as 64MiB, 512KiB or 1GiB");
    }

    /** Bytes: {@code 25%} of what the heap may grow to; 1 to 75, as the rest of the server needs some. */
    public static long shareOfHeap(String text) {
        long percent = parse(text, Map.of("%", 1L), "a share such as 25%");
        if (percent < 1 || percent > SHARE_MAX) {
            throw new IllegalArgumentException("'" + text + "' is out of bounds: 1% to " + SHARE_MAX + "%");
        }
        return Runtime.getRuntime().maxMemory() / HUNDRED * percent;
    }

    /** Time: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d}. A bare number has no meaning. */
    public static Duration duration(String text) {
        return Duration.ofMillis(parse(text, TIMES_MS, "a time such as 500ms, 30s, 5m, 2h or 1d"));
    }

    private static long parse(String text, Map<String, Long> units, String expected) {
        Matcher matcher = AMOUNT.matcher(text.strip());
        Long unit = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("'" + text + "' is not " + expected);
        }
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is too much", e);
        }
    }
}
