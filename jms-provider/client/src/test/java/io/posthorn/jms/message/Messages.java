package io.posthorn.jms.message;

import io.posthorn.jms.message.PosthornMessage.SendHeaders;
import io.posthorn.wire.frame.Address;
import jakarta.jms.JMSException;

/** Sends messages to themselves. */
final class Messages {

    static final SendHeaders HEADERS =
            new SendHeaders(Address.queue("orders"), true, 7, 1000, 5000, 2000, "ID:test-1", false);

    static final SendHeaders COMPRESSING = new SendHeaders(Address.topic("prices"), false, 4, 0, 0, 0, null, true);

    private Messages() {}

    @SuppressWarnings("unchecked")
    static <M extends PosthornMessage> M received(M sent) throws JMSException {
        return (M) PosthornMessage.decode(sent.encode(HEADERS).bytes(), 0, false, ObjectTrust.jdkOnly());
    }
}
