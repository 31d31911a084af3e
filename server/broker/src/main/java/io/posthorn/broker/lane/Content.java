package io.posthorn.broker.lane;

import io.posthorn.wire.message.Envelope;

/** The bytes of a message in memory, shared by all entries that point to it. Counted by {@link ContentMemory}. */
public final class Content {

    private final Envelope envelope;

    /** Beside it, as the bytes are far by the time the message goes. */
    private final int length;

    private int references;
    private long spilledAt = EntryBlock.VOLATILE;

    public Content(Envelope envelope) {
        this.envelope = envelope;
        this.length = envelope.length();
    }

    public Envelope envelope() {
        return envelope;
    }

    int length() {
        return length;
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
