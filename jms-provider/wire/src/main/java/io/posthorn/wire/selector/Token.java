package io.posthorn.wire.selector;

/**
 * A piece of a selector.
 *
 * @param start index of its first character
 * @param text as it is written; of a string literal its content
 */
record Token(Kind kind, int start, String text) {

    /** Most characters of a token that an error text repeats. */
    private static final int TITLE_MAX = 40;

    enum Kind {
        IDENTIFIER,
        TEXT,
        EXACT,
        APPROXIMATE,
        NULL,
        TRUE,
        FALSE,
        NOT,
        AND,
        OR,
        BETWEEN,
        LIKE,
        IN,
        IS,
        ESCAPE,
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        PLUS,
        MINUS,
        TIMES,
        DIVIDED_BY,
        COMMA,
        LEFT,
        RIGHT,
        END
    }

    /** How error texts call it. */
    String title() {
        if (kind == Kind.END) {
            return "the end";
        }
        String shortened = text.length() <= TITLE_MAX ? text : text.substring(0, TITLE_MAX) + "...";
        String printable = InvalidSelectorSyntaxException.printable(shortened);
        return kind == Kind.TEXT ? "'" + printable + "'" : printable;
    }
}
