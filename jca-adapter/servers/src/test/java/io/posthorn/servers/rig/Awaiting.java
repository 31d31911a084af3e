package io.posthorn.servers.rig;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for a condition; the message of what then went wrong is made only when it did. */
final class Awaiting {

    private static final Duration POLL = Duration.ofMillis(100);

    private Awaiting() {}

    static void until(Duration limit, BooleanSupplier condition, Supplier<String> problem) {
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollInterval(POLL)
                    .pollDelay(Duration.ZERO)
                    .atMost(limit)
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(problem.get(), e);
        }
    }
}
