package io.posthorn.benchmarks;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.util.Map;

/** The message that all benchmarks send: 1 KiB of body, as a client makes it. */
final class Samples {
    static final Address QUEUE = Address.queue("orders");
    static final int BODY_LENGTH = 1024;

    private static final long TIMESTAMP = 1_760_000_000_000L;
    private static final Map<String, Object> PROPERTIES = Map.of("kind", 7, "region", "north", "weight", 42);
    private static final Map<String, Object> NONE = Map.of();

    private Samples() {}

    static Envelope message(boolean persistent) {
        return build(persistent, NONE, new byte[BODY_LENGTH]);
    }

    static Envelope messageWithProperties() {
        return build(false, PROPERTIES, new byte[BODY_LENGTH]);
    }

    static Envelope build(boolean persistent, Map<String, Object> properties, byte[] body) {
        return new EnvelopeBuilder()
                .persistent(persistent)
                .timestamp(TIMESTAMP)
                .destination(QUEUE)
                .messageId("ID:0123456789abcdef-0123456789abcdef-1")
                .properties(properties)
                .body(BodyKind.BYTES, body, body.length)
                .build();
    }
}
