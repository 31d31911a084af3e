package io.posthorn.jms.message;

import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;

/** A message of headers and properties, without a body (JMS 3.1 section 3.11). */
public final class PosthornPlainMessage extends PosthornMessage {

    private static final Body NOTHING = Body.of(new byte[0]);

    public PosthornPlainMessage() {}

    PosthornPlainMessage(Envelope envelope, int attempts, boolean redelivered) {
        super(envelope, attempts, redelivered);
    }

    @Override
    Object body() {
        return null;
    }

    @Override
    void clearContent() {
        // There is none.
    }

    @Override
    Body encodeBody() {
        return NOTHING;
    }

    @Override
    BodyKind bodyKind() {
        return BodyKind.NONE;
    }
}
