package io.posthorn.tck.both.jakarta;

import io.posthorn.tck.both.Headers;
import io.posthorn.tck.both.Letter;
import jakarta.jms.BytesMessage;
import jakarta.jms.Destination;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Letters to messages and back. */
final class JakartaMessages {
    private static final int FIRST_DELIVERY = 1;

    private JakartaMessages() {}

    static Message write(JMSContext context, Letter letter) throws JMSException {
        Message message = withBody(context, letter);
        for (Map.Entry<String, Object> property : letter.properties().entrySet()) {
            message.setObjectProperty(property.getKey(), property.getValue());
        }
        message.setJMSCorrelationID(letter.correlationId());
        message.setJMSType(letter.type());
        if (letter.replyTo() != null) {
            String name = letter.replyTo().substring("queue:".length());
            message.setJMSReplyTo(
                    letter.replyTo().startsWith("queue:") ? context.createQueue(name) : context.createTopic(name));
        }
        return message;
    }

    private static Message withBody(JMSContext context, Letter letter) throws JMSException {
        switch (letter.kind()) {
            case PLAIN:
                return context.createMessage();
            case TEXT:
                return context.createTextMessage((String) letter.body());
            case BYTES:
                BytesMessage bytes = context.createBytesMessage();
                for (Object value : (List<?>) letter.body()) {
                    bytes.writeObject(value);
                }
                return bytes;
            case MAP:
                MapMessage map = context.createMapMessage();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) letter.body()).entrySet()) {
                    map.setObject((String) entry.getKey(), entry.getValue());
                }
                return map;
            case STREAM:
                StreamMessage stream = context.createStreamMessage();
                for (Object value : (List<?>) letter.body()) {
                    stream.writeObject(value);
                }
                return stream;
            case OBJECT:
                return context.createObjectMessage((Serializable) letter.body());
            default:
                throw new IllegalArgumentException("no message for " + letter);
        }
    }

    static Letter read(Message message) throws JMSException {
        Map<String, Object> properties = new TreeMap<>();
        for (String name : names(message.getPropertyNames())) {
            properties.put(name, message.getObjectProperty(name));
        }
        Object deliveries = properties.remove("JMSXDeliveryCount");
        if (!Integer.valueOf(FIRST_DELIVERY).equals(deliveries)) {
            throw new IllegalStateException("JMSXDeliveryCount of a first delivery is " + deliveries);
        }
        Letter letter = new Letter(
                kindOf(message),
                bodyOf(message),
                properties,
                message.getJMSCorrelationID(),
                message.getJMSType(),
                text(message.getJMSReplyTo()),
                null);
        return letter.with(headers(message));
    }

    static Headers headers(Message message) throws JMSException {
        return new Headers(
                message.getJMSMessageID(),
                text(message.getJMSDestination()),
                message.getJMSDeliveryMode(),
                message.getJMSPriority(),
                message.getJMSTimestamp(),
                message.getJMSExpiration(),
                message.getJMSDeliveryTime(),
                message.getJMSRedelivered());
    }

    private static String text(Destination destination) throws JMSException {
        if (destination == null) {
            return null;
        }
        return destination instanceof Queue
                ? "queue:" + ((Queue) destination).getQueueName()
                : "topic:" + ((Topic) destination).getTopicName();
    }

    private static List<String> names(Enumeration<?> all) {
        List<String> names = new ArrayList<>();
        while (all.hasMoreElements()) {
            names.add((String) all.nextElement());
        }
        return names;
    }

    private static Letter.Kind kindOf(Message message) {
        if (message instanceof TextMessage) {
            return Letter.Kind.TEXT;
        } else if (message instanceof BytesMessage) {
            return Letter.Kind.BYTES;
        } else if (message instanceof MapMessage) {
            return Letter.Kind.MAP;
        } else if (message instanceof StreamMessage) {
            return Letter.Kind.STREAM;
        } else if (message instanceof ObjectMessage) {
            return Letter.Kind.OBJECT;
        }
        return Letter.Kind.PLAIN;
    }

    private static Object bodyOf(Message message) throws JMSException {
        if (message instanceof BytesMessage) {
            return values((BytesMessage) message);
        } else if (message instanceof MapMessage) {
            MapMessage map = (MapMessage) message;
            Map<String, Object> body = new TreeMap<>();
            for (String name : names(map.getMapNames())) {
                body.put(name, map.getObject(name));
            }
            return body;
        } else if (message instanceof StreamMessage) {
            return values((StreamMessage) message);
        } else if (message instanceof ObjectMessage) {
            return ((ObjectMessage) message).getObject();
        }
        return message instanceof TextMessage ? ((TextMessage) message).getText() : null;
    }

    /** One value of each type in this order, and then bytes to the end. */
    private static List<Object> values(BytesMessage message) throws JMSException {
        List<Object> values = new ArrayList<>();
        values.add(message.readBoolean());
        values.add(message.readByte());
        values.add(message.readShort());
        values.add(message.readChar());
        values.add(message.readInt());
        values.add(message.readLong());
        values.add(message.readFloat());
        values.add(message.readDouble());
        values.add(message.readUTF());
        byte[] rest = new byte[(int) message.getBodyLength()];
        byte[] exact = new byte[message.readBytes(rest)];
        System.arraycopy(rest, 0, exact, 0, exact.length);
        values.add(exact);
        return values;
    }

    private static List<Object> values(StreamMessage message) throws JMSException {
        List<Object> values = new ArrayList<>();
        boolean more = true;
        while (more) {
            try {
                values.add(message.readObject());
            } catch (MessageEOFException end) {
                more = false;
            }
        }
        return values;
    }
}
