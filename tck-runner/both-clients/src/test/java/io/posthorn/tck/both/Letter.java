package io.posthorn.tck.both;

import java.util.Map;

/**
 * A message without its headers, but for those that an application sets on it.
 *
 * @param body a String, a list of values in order (bytes and stream), a map (map), any object, or null; null for PLAIN
 * @param replyTo {@code queue:NAME} or {@code topic:NAME}, or null
 * @param headers what a received message says besides; null in one that is to be sent
 */
public record Letter(
        Kind kind,
        Object body,
        Map<String, Object> properties,
        String correlationId,
        String type,
        String replyTo,
        Headers headers) {

    /** The message types of the specification (section 3.11). */
    public enum Kind {
        PLAIN,
        TEXT,
        BYTES,
        MAP,
        STREAM,
        OBJECT
    }

    static Letter of(Kind kind, Object body, Map<String, Object> properties) {
        return new Letter(kind, body, properties, null, null, null, null);
    }

    Letter with(String correlation, String newType, String newReplyTo) {
        return new Letter(kind, body, properties, correlation, newType, newReplyTo, headers);
    }

    public Letter with(Headers received) {
        return new Letter(kind, body, properties, correlationId, type, replyTo, received);
    }

    /** Short, for the names of the tests. */
    @Override
    public String toString() {
        String text = String.valueOf(body);
        return kind + " " + (text.length() > 40 ? text.substring(0, 40) + "..." : text);
    }
}
