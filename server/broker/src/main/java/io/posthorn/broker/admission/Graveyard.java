package io.posthorn.broker.admission;

import io.posthorn.broker.limit.DeathCause;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Routes;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import io.posthorn.wire.message.MalformedException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes dead letters: what cannot be delivered, with where it was to go, why, when and after how many attempts it did not. */
public final class Graveyard {

    /** Where a dead letter came from; JMS property names of a provider begin with JMS_ and its name. */
    public static final String ORIGIN = "JMS_POSTHORN_ORIGIN";

    /** Why, as a word: that of a {@link DeathCause}. */
    public static final String REASON = "JMS_POSTHORN_REASON";

    /** Why, for people. */
    public static final String CAUSE = "JMS_POSTHORN_CAUSE";

    public static final String ATTEMPTS = "JMS_POSTHORN_ATTEMPTS";

    /** When it became a dead letter, ms since 1970. */
    public static final String TIME = "JMS_POSTHORN_TIME";

    private static final Logger LOG = LoggerFactory.getLogger(Graveyard.class);
    private static final UUID NOBODY = new UUID(0, 0);

    private final DurableState state;
    private final Recorder recorder;

    public Graveyard(DurableState state, Recorder recorder) {
        this.state = state;
        this.recorder = recorder;
    }

    /**
     * The way of a message of this queue to its dead-letter queue, which comes into being if need be. Nothing may be pending
     * in the recorder. No limit of that queue applies: there is no other place left.
     */
    public Routes letter(MessageQueue queue, Envelope envelope, DeathCause cause, int attempts, long nowMs) {
        Envelope letter = builder(queue, envelope)
                .expiration(0)
                .deliveryTime(0)
                .property(ORIGIN, queue.toString())
                .property(REASON, cause.word())
                .property(CAUSE, text(queue, cause, attempts))
                .property(ATTEMPTS, attempts)
                .property(TIME, nowMs)
                .build();
        return Routes.of(graveyardOf(queue), letter, NOBODY, null);
    }

    private Destination graveyardOf(MessageQueue queue) {
        Address address = Address.queue(queue.settings().deadLetterQueue());
        if (state.directory().find(address) == null) {
            recorder.add(new LogRecord.DestinationCreated(state.directory().nextNumber(), address));
            recorder.commit(Flush.LAZY);
        }
        return state.directory().find(address);
    }

    private static String text(MessageQueue queue, DeathCause cause, int attempts) {
        return switch (cause) {
            case ATTEMPTS -> "delivered " + attempts + " times without success";
            case EXPIRED -> "expired before it was consumed";
            case REJECTED ->
                queue.fullness().text(queue.depth(), queue.backlog().contentBytes());
        };
    }

    private static EnvelopeBuilder builder(MessageQueue queue, Envelope envelope) {
        try {
            return EnvelopeBuilder.from(envelope);
        } catch (MalformedException malformed) {
            LOG.warn("A message of {} is malformed; its dead letter has all its bytes as body: {}", queue, malformed);
            return new EnvelopeBuilder()
                    .persistent(envelope.persistent())
                    .priority(envelope.priority())
                    .timestamp(envelope.timestamp())
                    .body(BodyKind.BYTES, envelope.bytes(), envelope.length());
        }
    }
}
