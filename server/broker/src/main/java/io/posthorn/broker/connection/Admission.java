package io.posthorn.broker.connection;

import io.posthorn.broker.store.Refusal;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import java.time.Instant;

/**
 * Whether a message is let in. While something is short that it would take more of, its sender is refused, with what it is
 * and since when; what takes messages out goes on. The driver says what is short, so that the broker stays deterministic.
 */
public final class Admission {

    private final long messageLengthMax;
    private Pressure pressure;
    private long sinceMs;

    /** The journal is short of something, or, with null, of nothing. */
    public void onPressure(Pressure now, long nowMs) {
        if (now != null && pressure == null) {
            sinceMs = nowMs;
        }
        pressure = now;
    }

    /** @param messageLengthMax most bytes of a message */
    public Admission(long messageLengthMax) {
        this.messageLengthMax = messageLengthMax;
    }

    /** The message that these bytes are; throws if it is none, or cannot be let in now. */
    Envelope admit(byte[] bytes) throws Refusal {
        try {
            Envelope envelope = Envelope.of(bytes);
            checkLength(envelope.messageLength());
            check(envelope);
            return envelope;
        } catch (MalformedException malformed) {
            throw new Refusal(ErrorCode.PROTOCOL, malformed.getMessage());
        }
    }

    /** Throws if a message of so many bytes is too long. */
    void checkLength(long length) throws Refusal {
        if (length > messageLengthMax) {
            throw new Refusal(
                    ErrorCode.RESOURCE_LIMIT,
                    "the message has " + length + " bytes; message-length-max is " + messageLengthMax);
        }
    }

    /** One that need not survive takes room of the disk only when memory is short, and gives it back when it leaves. */
    private void check(Envelope envelope) throws Refusal {
        if (envelope.persistent()) {
            checkRoom();
        }
    }

    /** Throws if nothing can be let in now that must survive. */
    void checkRoom() throws Refusal {
        if (pressure != null) {
            throw new Refusal(
                    ErrorCode.RESOURCE_LIMIT,
                    "no persistent message is taken since " + Instant.ofEpochMilli(sinceMs) + ": " + pressure.text()
                            + ". It goes on by itself when there is room");
        }
    }
}
