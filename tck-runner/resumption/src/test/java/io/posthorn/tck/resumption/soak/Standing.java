package io.posthorn.tck.resumption.soak;

/**
 * What is known of how far one connection is: the last run of the server that has certainly answered it. Changed by the connection's
 * actor, read by anybody.
 */
final class Standing {

    private final Runs runs;
    private volatile int proven = Runs.NONE;

    Standing(Runs runs) {
        this.runs = runs;
    }

    /** A call that the server answers begins now; the result is for {@link #answered}. */
    int asking() {
        return runs.current();
    }

    /** The call that began with {@code asked} has been answered. True when that proves which run answered. */
    boolean answered(int asked) {
        boolean certain = asked != Runs.NONE && asked == runs.endedCount();
        if (certain) {
            proven = asked;
        }
        return certain;
    }

    /** The last run that has certainly answered. */
    int proven() {
        return proven;
    }

    /** Whether the server was, or is being, started again since its last certain answer. */
    boolean isShaken() {
        return runs.endedCount() > proven;
    }
}
