package io.posthorn.wire.selector;

/** A selector that does not follow the grammar; the text says what was expected where. */
public final class InvalidSelectorSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    public InvalidSelectorSyntaxException(String text) {
        super(text);
    }
}
