package io.posthorn.jms.message;

import io.posthorn.jms.convert.Causes;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.ObjectMessage;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.util.Enumeration;

/** Copies other providers' messages into ours, through nothing but the JMS interfaces (JMS 3.1 section 3.12). */
final class ForeignMessages {

    private static final int CHUNK = 8192;

    private ForeignMessages() {}

    static PosthornMessage convert(Message foreign) throws JMSException {
        PosthornMessage copy = copyBody(foreign);
        copyHeaders(foreign, copy);
        copyProperties(foreign, copy);
        return copy;
    }

    private static PosthornMessage copyBody(Message foreign) throws JMSException {
        if (foreign instanceof TextMessage text) {
            return new PosthornTextMessage(text.getText());
        }
        if (foreign instanceof BytesMessage bytes) {
            return copyBytes(bytes);
        }
        if (foreign instanceof MapMessage map) {
            return copyMap(map);
        }
        if (foreign instanceof ObjectMessage object) {
            PosthornObjectMessage copy = new PosthornObjectMessage();
            copy.setObject(object.getObject());
            return copy;
        }
        if (foreign instanceof StreamMessage stream) {
            return copyStream(stream);
        }
        return new PosthornPlainMessage();
    }

    private static PosthornMessage copyBytes(BytesMessage foreign) throws JMSException {
        PosthornBytesMessage copy = new PosthornBytesMessage();
        foreign.reset();
        byte[] chunk = new byte[CHUNK];
        int count;
        while ((count = foreign.readBytes(chunk)) > 0) {
            copy.writeBytes(chunk, 0, count);
        }
        foreign.reset();
        return copy;
    }

    private static PosthornMessage copyMap(MapMessage foreign) throws JMSException {
        PosthornMapMessage copy = new PosthornMapMessage();
        Enumeration<?> names = foreign.getMapNames();
        while (names.hasMoreElements()) {
            String name = (String) names.nextElement();
            copy.setObject(name, foreign.getObject(name));
        }
        return copy;
    }

    private static PosthornMessage copyStream(StreamMessage foreign) throws JMSException {
        PosthornStreamMessage copy = new PosthornStreamMessage();
        foreign.reset();
        try {
            while (true) {
                copy.writeObject(foreign.readObject());
            }
        } catch (MessageEOFException end) {
            // The only way in which the interface tells the end.
            foreign.reset();
        }
        return copy;
    }

    private static void copyHeaders(Message foreign, PosthornMessage copy) throws JMSException {
        copy.setJMSType(foreign.getJMSType());
        copy.setJMSReplyTo(foreign.getJMSReplyTo());
        String correlationId = foreign.getJMSCorrelationID();
        if (correlationId != null) {
            copy.setJMSCorrelationID(correlationId);
            return;
        }
        try {
            copy.setJMSCorrelationIDAsBytes(foreign.getJMSCorrelationIDAsBytes());
        } catch (UnsupportedOperationException none) {
            // The specification lets a provider have only the text form, and that was null.
            copy.setJMSCorrelationID(null);
        }
    }

    private static void copyProperties(Message foreign, PosthornMessage copy) throws JMSException {
        Enumeration<?> names = foreign.getPropertyNames();
        while (names.hasMoreElements()) {
            String name = (String) names.nextElement();
            try {
                copy.setObjectProperty(name, foreign.getObjectProperty(name));
            } catch (IllegalArgumentException e) {
                throw Causes.link(
                        new MessageFormatException(
                                "a " + foreign.getClass().getName() + " cannot be sent: " + e.getMessage()),
                        e);
            }
        }
    }
}
