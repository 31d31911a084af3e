package io.posthorn.engine.command;

import io.posthorn.wire.frame.Source;
import java.util.List;
import java.util.Objects;

/**
 * Which consumer a command is about; enough to claim its deliveries again after it is closed.
 *
 * @param id its number in the connection
 * @param session the number of its session
 * @param source what it reads
 */
public record ConsumerRef(long id, long session, Source source) {

    /** Numbers from here on are for consumers that only claim deliveries, after a break; no other consumer has one. */
    static final long CLAIMERS_FIRST = 1L << 40;

    public ConsumerRef {
        Objects.requireNonNull(source, "source");
    }

    boolean isClaimer() {
        return id >= CLAIMERS_FIRST;
    }

    /**
     * Where the numbers of its deliveries mean the same: a queue or a named subscription; a subscription of its own
     * otherwise.
     */
    Object scope() {
        return source.address().kind().isTopic() && source.subscription() == null
                ? (Object) id
                : List.of(source.address(), source.subscription() == null ? "" : source.subscription());
    }

    boolean browses() {
        return source.mode() == Source.Mode.BROWSE;
    }
}
