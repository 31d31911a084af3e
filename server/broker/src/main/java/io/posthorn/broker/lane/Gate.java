package io.posthorn.broker.lane;

/**
 * The position of an entry that is in no log: {@link EntryBlock#VOLATILE}, or lower when it must not leave before the log has
 * passed a position, the gate.
 */
public final class Gate {

    /** No position needs to be passed first. */
    public static final long NONE = -1;

    private Gate() {}

    /** The position of an entry with this gate, or with {@link #NONE}. */
    public static long position(long gate) {
        return gate < 0 ? EntryBlock.VOLATILE : -2 - gate;
    }

    /** The gate of an entry at this position. */
    public static long of(long position) {
        return position < EntryBlock.VOLATILE ? -2 - position : NONE;
    }
}
