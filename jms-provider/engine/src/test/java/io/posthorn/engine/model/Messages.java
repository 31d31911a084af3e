package io.posthorn.engine.model;

import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Messages that hold a text. */
public final class Messages {

    private Messages() {}

    public static byte[] persistent(String text) {
        return builder(text).persistent(true).build().bytes();
    }

    public static byte[] volatileOne(String text) {
        return builder(text).persistent(false).build().bytes();
    }

    public static byte[] expiring(String text, long expirationMs) {
        return builder(text).persistent(true).expiration(expirationMs).build().bytes();
    }

    public static byte[] ofLength(int length) {
        return new EnvelopeBuilder()
                .persistent(true)
                .body(BodyKind.BYTES, new byte[length], length)
                .build()
                .bytes();
    }

    private static EnvelopeBuilder builder(String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return new EnvelopeBuilder().body(BodyKind.TEXT, body, body.length);
    }

    public static String text(byte[] envelope) {
        return new String(Envelope.of(envelope).body().readRemaining(), StandardCharsets.UTF_8);
    }

    public static List<String> texts(List<byte[]> envelopes) {
        return envelopes.stream().map(Messages::text).toList();
    }
}
