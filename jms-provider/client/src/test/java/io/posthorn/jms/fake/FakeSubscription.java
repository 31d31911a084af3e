package io.posthorn.jms.fake;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.selector.Selector;
import java.util.Objects;

/** What a topic's messages are copied into. */
record FakeSubscription(Source source, FakeConnection owner, String clientId, Selector selector, FakeQueue queue) {

    boolean wants(FakeConnection from, Address to, Envelope envelope) {
        return source.address().equals(to) && !(source.noLocal() && from == owner) && selector.matches(envelope);
    }

    boolean isNamed(String client, String name) {
        return Objects.equals(clientId, client) && name.equals(source.subscription());
    }
}
