package io.posthorn.ra.xa;

import io.posthorn.ra.pace.Retry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.transaction.xa.XAException;

/**
 * That the server refused a login, and until when it is not asked again: a transaction manager asks with each of its scans, and the server
 * should not see a wrong password each time. The text tells the moment, and is the same until then, so that a log may fold it. The time
 * grows with each refusal in a row. One thread at a time.
 */
final class Refusal {

    private final LongSupplier clockNs;
    private final InstantSource wallClock;
    private final Retry waits;
    private String text;
    private Exception cause;
    private long sinceNs;
    private long waitNs;

    /** {@code wallClock} is for the text only: it may be set while a refusal holds. */
    Refusal(LongSupplier clockNs, InstantSource wallClock, RandomGenerator chance) {
        this.clockNs = clockNs;
        this.wallClock = wallClock;
        waits = Retry.ofRefusedLogins(chance);
    }

    /** From now on this holds, for longer than the last time; the failure to throw. */
    XAException remember(String problem, Exception reason) {
        long waitMs = waits.nextMs();
        Instant again = wallClock.instant().plusMillis(waitMs).truncatedTo(ChronoUnit.SECONDS);
        text = problem + "; the server is asked again after " + again;
        cause = reason;
        sinceNs = clockNs.getAsLong();
        waitNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
        return unavailable(text, cause);
    }

    void throwWhileItHolds() throws XAException {
        if (text != null && clockNs.getAsLong() - sinceNs < waitNs) {
            throw unavailable(text, cause);
        }
    }

    /** The login was accepted: the next refusal is a first one. */
    void forget() {
        text = null;
        cause = null;
        waits.succeeded();
    }

    /** What says that the server cannot be asked now, and that nothing is known of its branches. */
    static XAException unavailable(String text, Exception cause) {
        XAException failure = new XAException(text);
        failure.errorCode = XAException.XAER_RMFAIL;
        failure.initCause(cause);
        return failure;
    }
}
