package io.posthorn.jms.message;

import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.Utf8;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;

/**
 * A text or null (JMS 3.1 section 3.11.2). Any Java string arrives as it was sent, also one with surrogates that are not in
 * pairs, for which {@link Utf8} has a form.
 */
public final class PosthornTextMessage extends PosthornMessage implements TextMessage {

    private String text;

    /** Whether {@link #text} is still to be read from the received body. */
    private boolean unread;

    public PosthornTextMessage() {}

    public PosthornTextMessage(String text) {
        this.text = text;
    }

    PosthornTextMessage(Envelope envelope, int attempts, boolean redelivered) {
        super(envelope, attempts, redelivered);
        unread = true;
    }

    @Override
    public void setText(String value) throws JMSException {
        checkBodyWriteable();
        text = value;
    }

    @Override
    public String getText() throws JMSException {
        if (unread) {
            text = isEncodedBodyNull() ? null : encodedBody().reader().readRemainingString();
            unread = false;
        }
        return text;
    }

    @Override
    Object body() throws JMSException {
        return getText();
    }

    @Override
    void clearContent() {
        text = null;
        unread = false;
    }

    @Override
    Body encodeBody() {
        return text == null ? Body.NULL : Body.of(Utf8.encode(text));
    }

    @Override
    BodyKind bodyKind() {
        return BodyKind.TEXT;
    }
}
