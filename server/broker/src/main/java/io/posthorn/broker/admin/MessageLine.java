package io.posthorn.broker.admin;

import io.posthorn.broker.queue.Receiver;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A message that waits.
 *
 * @param entry its number in its queue
 * @param messageId what the sender's JMSMessageID says, or null
 * @param sentAtMs JMSTimestamp
 * @param kind what kind of body it has
 * @param length how many bytes it has in all
 * @param redelivered whether it may have been delivered before
 * @param properties its properties, as text
 * @param envelope the message itself; its bytes are not to be changed
 */
public record MessageLine(
        long entry,
        String messageId,
        long sentAtMs,
        int priority,
        boolean persistent,
        String kind,
        int length,
        boolean redelivered,
        Map<String, String> properties,
        Envelope envelope) {

    static MessageLine of(Receiver.Outgoing outgoing) {
        Envelope envelope = outgoing.content().envelope();
        Map<String, String> properties = new LinkedHashMap<>();
        String messageId = null;
        try {
            messageId = envelope.messageId();
            envelope.decodeProperties().forEach((name, value) -> properties.put(name, String.valueOf(value)));
        } catch (MalformedException malformed) {
            properties.put("(malformed)", malformed.getMessage());
        }
        return new MessageLine(
                outgoing.entry(),
                messageId,
                envelope.timestamp(),
                envelope.priority(),
                envelope.persistent(),
                envelope.bodyKind().name().toLowerCase(Locale.ROOT),
                envelope.length(),
                outgoing.redelivered(),
                properties,
                envelope);
    }
}
