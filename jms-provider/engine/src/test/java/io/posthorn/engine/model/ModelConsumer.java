package io.posthorn.engine.model;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.Source;

/** A consumer of the model. */
public final class ModelConsumer {

    public final long id;
    public final long session;
    public final Source source;
    public long generation;
    public long limit;
    public long delivered;
    public boolean closed;

    /** Where a browser stands. */
    long browsed;

    ModelConsumer(long id, long session, Source source) {
        this.id = id;
        this.session = session;
        this.source = source;
    }

    Address address() {
        return source.address();
    }

    boolean browses() {
        return source.mode() == Source.Mode.BROWSE;
    }

    void begin(long next) {
        generation = next;
        limit = 0;
        delivered = 0;
        browsed = 0;
    }
}
