package io.posthorn.engine.reconnect;

import java.time.Instant;

/**
 * The time without a link.
 *
 * @param address of the link that ended
 * @param sinceMs when, in ms since 1970
 * @param sinceNs when, on the clock for distances
 * @param cause why it ended
 * @param attempts how many attempts to resume have failed
 * @param last why the last of them failed; null before
 */
record Interruption(String address, long sinceMs, long sinceNs, String cause, int attempts, String last) {

    Interruption failedAgain(String why) {
        return new Interruption(address, sinceMs, sinceNs, cause, attempts + 1, why);
    }

    @Override
    public String toString() {
        String text = "interrupted: the link to " + address + " ended at " + Instant.ofEpochMilli(sinceMs) + " ("
                + cause + ")";
        return last == null ? text : text + "; " + attempts + " attempts to resume have failed, the last: " + last;
    }
}
