package io.posthorn.broker.lane;

import io.posthorn.wire.message.Envelope;

/** The bytes of a message in memory, shared by all entries that point to it. Counted by {@link ContentMemory}. */
public final class Content {

    private final Envelope envelope;
    private int references;
    private long spilledAt = EntryBlock.VOLATILE;

    public Content(Envelope envelope) {
        this.envelope = envelope;
    }

    public Envelope envelope() {
        return envelope;
    }

    /** Where the message was written last to a log of what need not survive; negative when it was not. */
    public long spilledAt() {
        return spilledAt;
    }

    public void spilledAt(long position) {
        spilledAt = position;
    }

    int retain() {
        return ++references;
    }

    int release() {
        return --references;
    }
}
