package io.posthorn.jms.connection;

import io.posthorn.jms.body.BodyStore;
import io.posthorn.jms.fake.FakeConnection;
import io.posthorn.jms.fake.FakeServer;
import io.posthorn.jms.message.ObjectTrust;
import io.posthorn.jms.session.MessageCoding;

/** Connections to a fake server, with the fake's side of each at hand. */
public record Opened(FakeConnection engine, PosthornConnection connection) {

    private static final MessageCoding CODING = new MessageCoding(ObjectTrust.jdkOnly(), false, BodyStore.standard());

    public static Opened of(FakeServer server) {
        FakeConnection engine = server.connect();
        return new Opened(engine, ConnectionOpener.over(engine, null, CODING, Domain.ANY));
    }

    public static PosthornConnection connection(FakeServer server) {
        return of(server).connection();
    }

    public static PosthornConnection connection(FakeServer server, String clientId, Domain domain) {
        return ConnectionOpener.over(server.connect(), clientId, CODING, domain);
    }

    public static PosthornXAConnection xaConnection(FakeServer server) {
        return ConnectionOpener.xaOver(server.connect(), null, CODING, Domain.ANY);
    }
}
