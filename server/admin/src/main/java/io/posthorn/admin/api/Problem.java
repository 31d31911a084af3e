package io.posthorn.admin.api;

/** A request that is not answered as it was meant; the text is for people. */
final class Problem extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    Problem(int status, String text) {
        super(text, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
