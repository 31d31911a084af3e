package io.posthorn.server.config;

import java.util.regex.Pattern;

/**
 * A pattern for names: {@code *} stands for any number of any characters, dots too, {@code ?} for one; all others for
 * themselves. {@code orders.*} matches {@code orders.eu} and {@code orders.eu.north}, and not {@code orders}.
 */
public record NamePattern(String text, Pattern pattern) {

    public static NamePattern of(String text) {
        StringBuilder regex = new StringBuilder();
        for (char c : text.toCharArray()) {
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return new NamePattern(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    public boolean matches(String name) {
        return pattern.matcher(name).matches();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamePattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
