package io.posthorn.engine.command;

/**
 * The number of one generation of a consumer's deliveries. Whoever opens a generation holds this object; the number is
 * given when the command that opens it goes out, and again when that command must be repeated after a break.
 */
public final class Generation {

    /** No command of this generation has gone out yet. */
    public static final long UNOPENED = -1;

    private long number = UNOPENED;

    public long number() {
        return number;
    }

    void open(long generation) {
        number = generation;
    }
}
