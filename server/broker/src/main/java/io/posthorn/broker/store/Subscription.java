package io.posthorn.broker.store;

import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import io.posthorn.wire.selector.Selector;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a topic's messages go to: a queue behind a condition (JMS 3.1 section 8.3).
 *
 * @param topic the topic
 * @param queue its messages
 * @param key the name that identifies it; null for the subscription of a single non-durable consumer
 * @param durable whether it outlives its consumers
 * @param shared whether several consumers may share it
 * @param noLocal whether messages of {@code owner} are left out
 * @param owner the connection that made a non-durable one; null otherwise
 * @param selectorText the condition as it was given, or null
 * @param selector the condition, or null
 */
public record Subscription(
        Destination topic,
        MessageQueue queue,
        Key key,
        boolean durable,
        boolean shared,
        boolean noLocal,
        UUID owner,
        String selectorText,
        Selector selector) {

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    /** The name of a subscription within its client identifier; {@code clientId} may be null for a shared one. */
    public record Key(String clientId, String name) {}

    /** Whether a message goes here. */
    boolean takes(Envelope envelope, UUID sender, String senderClientId) {
        if (noLocal && isLocal(sender, senderClientId)) {
            return false;
        }
        return selector == null || matches(envelope);
    }

    /** A message whose properties are malformed is nobody's choice. */
    private boolean matches(Envelope envelope) {
        try {
            return selector.matches(envelope);
        } catch (MalformedException malformed) {
            LOG.debug("A message for {} cannot be looked at: {}", queue, malformed.getMessage());
            return false;
        }
    }

    /** Whether a consumer that asks for these would get this very subscription. */
    public boolean isSame(Destination otherTopic, String otherSelector, boolean otherNoLocal) {
        return topic == otherTopic && Objects.equals(selectorText, otherSelector) && noLocal == otherNoLocal;
    }

    private boolean isLocal(UUID sender, String senderClientId) {
        if (durable) {
            return key.clientId() != null && key.clientId().equals(senderClientId);
        }
        return owner.equals(sender);
    }
}
