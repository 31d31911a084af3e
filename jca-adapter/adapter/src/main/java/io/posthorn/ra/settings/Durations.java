package io.posthorn.ra.settings;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as users write them, which is as in the client's URL: milliseconds, or a number with {@code ms}, {@code s}, {@code m} or {@code h}. */
public final class Durations {

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|)");

    private Durations() {}

    /** In milliseconds; {@code otherwise} when nothing is given. An {@link IllegalArgumentException} says what was expected. */
    public static long parseMs(String text, long otherwise) {
        if (text == null) {
            return otherwise;
        }
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no time");
        }
        long number = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "s" -> number * 1_000;
            case "m" -> number * 60_000;
            case "h" -> number * 3_600_000;
            default -> number;
        };
    }
}
