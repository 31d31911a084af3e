package io.posthorn.broker.connection;

import io.posthorn.broker.store.Refusal;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.Envelope;
import java.time.Instant;

/**
 * Whether a message is let in. While something is short that it would take more of, its sender is refused, with what it is
 * and since when; what takes messages out goes on. The driver says what is short, so that the broker stays deterministic.
 */
public final class Admission {

    private Pressure pressure;
    private long sinceMs;

    /** The journal is short of something, or, with null, of nothing. */
    public void onPressure(Pressure now, long nowMs) {
        if (now != null && pressure == null) {
            sinceMs = nowMs;
        }
        pressure = now;
    }

    /** Throws if the message cannot be let in now. One that is not stored takes nothing of the disk. */
    void check(Envelope envelope) throws Refusal {
        if (pressure != null && envelope.persistent()) {
            throw new Refusal(
                    ErrorCode.RESOURCE_LIMIT,
                    "no persistent message is taken since " + Instant.ofEpochMilli(sinceMs) + ": " + pressure.text()
                            + ". It goes on by itself when there is room");
        }
    }
}
