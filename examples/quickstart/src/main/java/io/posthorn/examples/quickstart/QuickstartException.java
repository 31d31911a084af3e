package io.posthorn.examples.quickstart;

/** The quickstart did not come to its good end; the message says where and why. */
final class QuickstartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    QuickstartException(String message) {
        super(message);
    }
}
