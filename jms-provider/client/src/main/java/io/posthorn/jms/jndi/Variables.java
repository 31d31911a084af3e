package io.posthorn.jms.jndi;

import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Expands <code>${name}</code> and <code>${name:-default}</code> in configured values. A default may hold further variables; a
 * variable's own value is taken as it is. {@code $} without a brace stays.
 */
final class Variables {

    private static final String DEFAULT_MARK = ":-";

    private final UnaryOperator<String> source;

    /** {@code source} gives the value of a variable, or null. */
    Variables(UnaryOperator<String> source) {
        this.source = Objects.requireNonNull(source);
    }

    /** System properties first, then the environment. */
    static Variables ofProcess() {
        return new Variables(name -> {
            String property = System.getProperty(name);
            return property == null ? System.getenv(name) : property;
        });
    }

    /** The text with its variables replaced; one that has neither value nor default is an {@link IllegalArgumentException}. */
    String expand(String text) {
        int start = text.indexOf("${");
        if (start < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (start >= 0) {
            int end = closingBrace(text, start + 2);
            out.append(text, from, start).append(valueOf(text.substring(start + 2, end)));
            from = end + 1;
            start = text.indexOf("${", from);
        }
        return out.append(text, from, text.length()).toString();
    }

    private String valueOf(String inner) {
        int mark = inner.indexOf(DEFAULT_MARK);
        String name = mark < 0 ? inner : inner.substring(0, mark);
        String value = name.isEmpty() ? null : source.apply(name);
        if (value != null) {
            return value;
        }
        if (mark < 0) {
            throw new IllegalArgumentException(
                    "${" + name + "} is neither a system property nor an environment variable; "
                            + "set it, or give a default as in ${" + name + ":-value}");
        }
        return expand(inner.substring(mark + DEFAULT_MARK.length()));
    }

    private static int closingBrace(String text, int from) {
        int depth = 1;
        for (int index = from; index < text.length(); index++) {
            if (text.charAt(index) == '}') {
                depth--;
                if (depth == 0) {
                    return index;
                }
            } else if (text.startsWith("${", index)) {
                depth++;
            }
        }
        throw new IllegalArgumentException("'" + text + "' opens ${ and does not close it");
    }
}
