package io.posthorn.engine.url;

import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of a URL, read as what they are. A bad value is an {@link IllegalArgumentException} that names the option,
 * the value and the form that was expected.
 */
public final class UrlValues {

    private static final Pattern AMOUNT = Pattern.compile("(-?\\d{1,18})([A-Za-z]*)");
    private static final Map<String, Long> TIMES_MS =
            Map.of("", 1L, "ms", 1L, "s", 1000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> SIZES = Map.of("", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    private final Map<UrlKey, String> values;
    private final Function<String, IllegalArgumentException> wrong;

    /** {@code wrong} makes an error of what is wrong. */
    UrlValues(Map<UrlKey, String> values, Function<String, IllegalArgumentException> wrong) {
        this.values = values;
        this.wrong = wrong;
    }

    public boolean has(UrlKey key) {
        return values.containsKey(key);
    }

    /** Null when the URL does not have it. */
    public String text(UrlKey key) {
        return values.get(key);
    }

    public boolean flag(UrlKey key, boolean otherwise) {
        String text = values.get(key);
        if (text == null) {
            return otherwise;
        }
        if (!text.equals("true") && !text.equals("false")) {
            throw bad(key, text, "true or false");
        }
        return text.equals("true");
    }

    public int number(UrlKey key, int least, int most, int otherwise) {
        String expected = "a number from " + least + " to " + most;
        return (int) amount(key, Map.of("", 1L), least, most, otherwise, expected);
    }

    /** A time in ms. */
    public long timeMs(UrlKey key, long least, long most, long otherwise) {
        String expected = "a time in ms from " + least + " to " + most + ", or one such as 500ms, 30s or 5m";
        return amount(key, TIMES_MS, least, most, otherwise, expected);
    }

    /** A size in bytes. */
    public long size(UrlKey key, long least, long most, long otherwise) {
        String expected = "a size in bytes from " + least + " to " + most + ", or one such as 512KiB, 16MiB or 1GiB";
        return amount(key, SIZES, least, most, otherwise, expected);
    }

    private long amount(UrlKey key, Map<String, Long> units, long least, long most, long otherwise, String expected) {
        String text = values.get(key);
        if (text == null) {
            return otherwise;
        }
        Matcher matcher = AMOUNT.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw bad(key, text, expected);
        }
        long number = Long.parseLong(matcher.group(1));
        boolean tooMuch = Math.abs(number) > Long.MAX_VALUE / unit;
        if (tooMuch || number * unit < least || number * unit > most) {
            throw bad(key, text, expected);
        }
        return number * unit;
    }

    private IllegalArgumentException bad(UrlKey key, String text, String expected) {
        return wrong.apply("option " + key.text() + " is '" + text + "'; expected " + expected);
    }
}
