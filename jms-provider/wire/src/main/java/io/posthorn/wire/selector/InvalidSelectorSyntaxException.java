package io.posthorn.wire.selector;

/** A selector that does not follow the grammar; the text says what was expected where. */
public final class InvalidSelectorSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Most characters of a selector that an error text repeats. */
    private static final int EXCERPT_MAX = 120;
    /** How many of them stand before the error, when the selector is longer. */
    private static final int EXCERPT_BEFORE = 60;

    public InvalidSelectorSyntaxException(String text) {
        super(text);
    }

    /**
     * An error at a place in the selector.
     *
     * @param index of the character, from 0; the text names it as a column, from 1
     */
    static InvalidSelectorSyntaxException at(String selector, int index, String found, String expected) {
        return new InvalidSelectorSyntaxException("Bad selector at column " + (index + 1) + ": found " + found
                + ", expected " + expected + ". The selector is: " + excerpt(selector, index));
    }

    private static String excerpt(String selector, int index) {
        int from = selector.length() <= EXCERPT_MAX ? 0 : Math.max(0, index - EXCERPT_BEFORE);
        int to = Math.min(selector.length(), from + EXCERPT_MAX);
        return (from > 0 ? "..." : "")
                + printable(selector.substring(from, to))
                + (to < selector.length() ? "..." : "");
    }

    /** On one line, so that the text can be logged as it is. */
    static String printable(String text) {
        StringBuilder line = new StringBuilder(text);
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                line.setCharAt(i, ' ');
            }
        }
        return line.toString();
    }
}
