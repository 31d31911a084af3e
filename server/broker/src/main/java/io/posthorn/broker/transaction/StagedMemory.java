package io.posthorn.broker.transaction;

import java.time.Instant;

/**
 * How much memory the messages of all open units take, and whether that is too much. It counts as full from the first message that it has no
 * room for until it has fallen an eighth below its limit. Runs on the broker's driver.
 */
final class StagedMemory {

    private final long bytesMax;
    private long bytes;
    private long sinceMs;

    StagedMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes so much more for a unit that has {@code unitBytes}, of which one may have half; false when there is no room for it. */
    boolean take(long more, long unitBytes, long nowMs) {
        if (unitBytes + more <= bytesMax / 2 && bytes + more <= bytesMax) {
            bytes += more;
            return true;
        }
        sinceMs = sinceMs == 0 ? nowMs : sinceMs;
        return false;
    }

    void giveBack(long less) {
        bytes -= less;
        sinceMs = bytes < bytesMax - bytesMax / 8 ? 0 : sinceMs;
    }

    /** Why it has no room: the limit, its value, and since when. */
    String text(int unitMessages, long unitBytes) {
        return "there is no room for messages of transactions since " + Instant.ofEpochMilli(sinceMs) + ": the "
                + unitMessages
                + " messages of this one take " + unitBytes + " bytes of the server's memory, and those of all " + bytes
                + "; memory.transactions is " + bytesMax
                + ", of which one may have half. Commit more often, or raise it";
    }
}
