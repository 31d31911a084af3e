package io.posthorn.engine.command;

import io.posthorn.wire.frame.Source;
import java.util.Objects;

/**
 * Which consumer a command is about; enough to claim its deliveries again after it is closed.
 *
 * @param id its number in the connection
 * @param session the number of its session
 * @param source what it reads
 */
public record ConsumerRef(long id, long session, Source source) {

    public ConsumerRef {
        Objects.requireNonNull(source, "source");
    }

    boolean browses() {
        return source.mode() == Source.Mode.BROWSE;
    }
}
