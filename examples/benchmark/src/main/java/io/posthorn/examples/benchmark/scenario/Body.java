package io.posthorn.examples.benchmark.scenario;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.nio.ByteBuffer;

/** The body of a message: who sent it, as which of its messages, and when it was due; then filling. One per thread. */
public final class Body {
    private static final int PRODUCER = 0;
    private static final int SEQUENCE = 4;
    private static final int TIME = 12;
    private static final int LENGTH_MIN = 20;

    private final ByteBuffer bytes;

    public Body(int length) {
        if (length < LENGTH_MIN) {
            throw new IllegalArgumentException("a body has at least " + LENGTH_MIN + " bytes, not " + length);
        }
        bytes = ByteBuffer.allocate(length);
    }

    public BytesMessage write(Session session, int producer, long sequence, long timeNs) throws JMSException {
        bytes.putInt(PRODUCER, producer).putLong(SEQUENCE, sequence).putLong(TIME, timeNs);
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(bytes.array());
        return message;
    }

    /** Takes the whole body over, as an application does. */
    public void read(Message message) throws JMSException {
        int length = ((BytesMessage) message).readBytes(bytes.array());
        if (length != bytes.capacity()) {
            throw new ScenarioException("a message has " + length + " bytes, not " + bytes.capacity());
        }
    }

    public int producer() {
        return bytes.getInt(PRODUCER);
    }

    public long sequence() {
        return bytes.getLong(SEQUENCE);
    }

    public long timeNs() {
        return bytes.getLong(TIME);
    }
}
