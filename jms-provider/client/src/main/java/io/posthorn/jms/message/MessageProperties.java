package io.posthorn.jms.message;

import io.posthorn.jms.convert.Causes;
import io.posthorn.jms.convert.PropertyNames;
import io.posthorn.jms.convert.ValueConversions;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import io.posthorn.wire.message.MalformedException;
import jakarta.jms.JMSException;
import jakarta.jms.MessageNotWriteableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The properties of one message (JMS 3.1 section 3.5). A received message's are looked up in its envelope until somebody asks
 * for all of them or clears them.
 */
final class MessageProperties {

    /** Where the properties still are; null when {@link #values} has them. */
    private Envelope unread;

    private Map<String, Object> values = Map.of();
    private boolean readOnly;

    /** How often the message was delivered, this time included; 0 for one that was not received. */
    private int deliveryCount;

    static MessageProperties of(Envelope envelope, int deliveryCount) {
        MessageProperties properties = new MessageProperties();
        properties.unread = envelope;
        properties.readOnly = true;
        properties.deliveryCount = deliveryCount;
        return properties;
    }

    Object get(String name) throws JMSException {
        if (name == null) {
            return null;
        }
        if (deliveryCount != 0 && name.equals(PropertyNames.DELIVERY_COUNT)) {
            return deliveryCount;
        }
        if (unread == null) {
            return values.get(name);
        }
        try {
            return PropertyNames.isSetByProvider(name) ? null : unread.property(name);
        } catch (MalformedException e) {
            throw damaged(e);
        }
    }

    /** Sets a property whose type was checked. */
    void set(String name, Object value) throws JMSException {
        if (readOnly) {
            throw new MessageNotWriteableException(
                    "property '" + name + "' of a received message cannot be set before clearProperties() is called");
        }
        PropertyNames.check(name);
        Object typed = PropertyNames.typed(name, value);
        if (PropertyNames.isSetByProvider(name)) {
            return;
        }
        if (values.isEmpty()) {
            values = new LinkedHashMap<>();
        }
        values.put(name, typed);
    }

    void setObject(String name, Object value) throws JMSException {
        ValueConversions.checkPropertyValue(value, name);
        set(name, value);
    }

    boolean exists(String name) throws JMSException {
        if (name != null && deliveryCount != 0 && name.equals(PropertyNames.DELIVERY_COUNT)) {
            return true;
        }
        return read().containsKey(name);
    }

    /** A snapshot: changes of the message do not disturb it. */
    Enumeration<String> names() throws JMSException {
        List<String> names = new ArrayList<>(read().keySet());
        if (deliveryCount != 0) {
            names.add(PropertyNames.DELIVERY_COUNT);
        }
        return Collections.enumeration(names);
    }

    void clear() {
        unread = null;
        values = Map.of();
        readOnly = false;
        deliveryCount = 0;
    }

    void encode(EnvelopeBuilder builder) throws JMSException {
        builder.properties(read());
    }

    private Map<String, Object> read() throws JMSException {
        if (unread != null) {
            try {
                Map<String, Object> all = unread.decodeProperties();
                all.keySet().removeIf(PropertyNames::isSetByProvider);
                values = all;
            } catch (MalformedException e) {
                throw damaged(e);
            }
            unread = null;
        }
        return values;
    }

    private static JMSException damaged(MalformedException e) {
        return Causes.link(new JMSException("the properties of a received message are damaged: " + e.getMessage()), e);
    }
}
