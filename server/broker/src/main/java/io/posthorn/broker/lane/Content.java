package io.posthorn.broker.lane;

import io.posthorn.wire.message.Envelope;

/** The bytes of a message in memory, shared by all entries that point to it. Counted by {@link ContentMemory}. */
public final class Content {

    private final Envelope envelope;
    private int references;

    public Content(Envelope envelope) {
        this.envelope = envelope;
    }

    public Envelope envelope() {
        return envelope;
    }

    int retain() {
        return ++references;
    }

    int release() {
        return --references;
    }
}
