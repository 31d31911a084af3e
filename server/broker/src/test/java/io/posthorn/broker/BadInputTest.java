package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.HugeRanges;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a client sends hurts only itself. */
class BadInputTest {

    private static final Address QUEUE = Address.queue("q");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected();

    @Test
    void shouldRefuseAnUnknownSession() {
        long alias = client.alias(QUEUE);
        assertThat(failureOf(new ClientFrame.Send(client.nextCommand(), 9, false, true, alias, bytes())))
                .isEqualTo(ErrorCode.PROTOCOL);
        assertThat(failureOf(new ClientFrame.Commit(client.nextCommand(), 9))).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(failureOf(new ClientFrame.Rollback(client.nextCommand(), 9))).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(client.failure(client.attach(9, 1, Source.queue(QUEUE, null))))
                .isEqualTo(ErrorCode.PROTOCOL);
        assertThat(client.failure(client.xaStart(9, 1, 0))).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(client.failure(client.closeSession(9))).isNull();
        assertStillWorking();
    }

    @Test
    void shouldEndTheSocketWhenACommandComesTwice() {
        client.send(QUEUE, "a");
        client.lastCommand--;

        assertEndsTheSocket();
        client.lastCommand++;
        assertStillGoingOn("a");
    }

    /** What was left out would be confirmed with what came behind it. */
    @Test
    void shouldEndTheSocketWhenACommandIsLeftOut() {
        client.send(QUEUE, "a");
        client.lastCommand++;

        assertEndsTheSocket();
        assertStillGoingOn("a");
    }

    private void assertEndsTheSocket() {
        long before = client.confirmed;
        client.send(QUEUE, "out of place");

        assertThat(client.received.get(client.received.size() - 1))
                .isEqualTo(new ServerFrame.Closed(
                        ErrorCode.PROTOCOL, "command " + client.lastCommand + " came behind command " + before));
        assertThat(client.confirmed).isEqualTo(before);
    }

    private void assertStillGoingOn(String... texts) {
        client.reconnect();
        assertThat(client.greeting.resumed()).isTrue();
        client.openSession(2);
        assertThat(client.consume(2, QUEUE).takeTexts()).containsExactly(texts);
    }

    @Test
    void shouldRefuseAnUnknownDestinationNumber() {
        assertThat(failureOf(new ClientFrame.Send(client.nextCommand(), 1, false, true, 77, bytes())))
                .isEqualTo(ErrorCode.PROTOCOL);
        assertStillWorking();
    }

    @Test
    void shouldRefuseWhatComesForASessionAfterItsEnd() {
        client.openSession(2);
        assertThat(client.failure(client.commit(2))).isNull();
        assertThat(client.failure(client.closeSession(2))).isNull();

        assertThat(client.failure(client.commit(2))).isEqualTo(ErrorCode.PROTOCOL);
        assertStillWorking();
    }

    @Test
    void shouldTakeFramesAboutUnknownConsumers() {
        client.credit(5, 10);
        client.drain(5, 1);
        assertThat(client.failure(client.detach(5, 1))).isNull();
        assertThat(client.failure(client.release(5, 1))).isNull();
        assertThat(client.failure(client.acknowledge(5, false, false, EntryRanges.of(1))))
                .isNull();
        assertThat(client.failure(client.acknowledge(5, 1))).isEqualTo(ErrorCode.ILLEGAL_STATE);
        assertThat(client.failure(client.acknowledgeTransacted(5, 1))).isEqualTo(ErrorCode.ILLEGAL_STATE);
        assertStillWorking();
    }

    @Test
    void shouldRefuseToUseTheNumberOfAConsumerTwice() {
        client.openSession(2);
        client.consume(1, QUEUE);

        assertThat(client.failure(client.attach(1, Address.queue("other")))).isEqualTo(ErrorCode.PROTOCOL);
        assertThat(client.failure(client.attach(2, 1, Source.queue(QUEUE, null))))
                .isEqualTo(ErrorCode.PROTOCOL);
        client.send(QUEUE, "a");
        client.detach(
                1,
                client.received.stream()
                        .filter(ServerFrame.Deliver.class::isInstance)
                        .mapToLong(frame -> ((ServerFrame.Deliver) frame).entry())
                        .toArray());
        assertThat(client.failure(client.attach(1, QUEUE))).isEqualTo(ErrorCode.PROTOCOL);
        assertStillWorking();
    }

    @Test
    void shouldTakeHugeRanges() {
        EntryRanges all = HugeRanges.all();
        client.consume(1, QUEUE);
        client.send(QUEUE, "a");
        client.send(QUEUE, "b");

        assertThat(client.failure(client.acknowledge(1, false, true, all))).isEqualTo(ErrorCode.ILLEGAL_STATE);
        assertThat(client.failure(client.acknowledge(1, false, false, all))).isNull();
        client.frame(new ClientFrame.Release(client.nextCommand(), 1, client.generation(1), all));
        client.frame(new ClientFrame.Detach(client.nextCommand(), 1, all));
        client.frame(new ClientFrame.CloseSession(
                client.nextCommand(), 1, List.of(new ClientFrame.Handed(1, all), new ClientFrame.Handed(99, all))));
        client.openSession(1);
        client.attach(1, 2, Source.queue(QUEUE, null), all);
        client.acknowledge(2, true, false, all);
        assertThat(client.failure(client.commit(1))).isEqualTo(ErrorCode.ROLLED_BACK);
        assertStillWorking();
    }

    @Test
    void shouldRefuseMalformedEnvelopes() {
        for (byte[] broken : List.of(new byte[0], new byte[40], Arrays.copyOf(bytes(), 60))) {
            assertThat(client.failure(client.send(1, false, QUEUE, broken))).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(client.failure(client.send(1, true, QUEUE, broken))).isEqualTo(ErrorCode.PROTOCOL);
        }
        // A transaction that misses a message must not be committed without it.
        assertThat(client.failure(client.commit(1))).isEqualTo(ErrorCode.ROLLED_BACK);
        assertThat(client.failure(client.commit(1))).isNull();
        assertStillWorking();
    }

    @Test
    void shouldSurviveRandomBytesInEnvelopes() {
        Random random = new Random(42);
        client.consume(1, Source.queue(QUEUE, "a = 'b' OR JMSType = 'x' OR JMSCorrelationID LIKE 'z%'"));
        client.consume(2, TestClient.with(TestClient.topic("t"), false, "a = 'b' OR JMSMessageID = 'x'"));
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = message("body")
                    .property("a", "c")
                    .type("t")
                    .messageId("ID:1")
                    .correlationId("c")
                    .build()
                    .bytes();
            for (int flip = 0; flip < 3; flip++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            client.send(1, random.nextInt(4) == 0, random.nextBoolean() ? QUEUE : Address.topic("t"), bytes);
        }
        client.commit(1);
        assertStillWorking();
    }

    @Test
    void shouldRefuseNamesThatAreEmptyOrTooLong() {
        assertThat(client.failure(client.send(Address.queue(""), "a"))).isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(client.failure(client.send(Address.queue("x".repeat(4097)), "a")))
                .isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(client.failure(client.send(Address.queue("x".repeat(4096)), "a")))
                .isNull();
        assertThat(client.failure(client.attach(1, Address.topic(" ")))).isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(client.failure(client.identify(""))).isEqualTo(ErrorCode.INVALID_CLIENT_ID);
        assertThat(client.failure(client.identify("x".repeat(4097)))).isEqualTo(ErrorCode.INVALID_CLIENT_ID);
        assertThat(client.failure(client.identify(null))).isEqualTo(ErrorCode.INVALID_CLIENT_ID);
        assertThat(harness.client(" ").connect().refusal.code()).isEqualTo(ErrorCode.INVALID_CLIENT_ID);
        assertStillWorking();
    }

    @Test
    void shouldRefuseABadSelectorAndOpenNothing() {
        long command = client.attach(1, 1, Source.queue(QUEUE, "a ="));

        assertThat(client.failure(command)).isEqualTo(ErrorCode.INVALID_SELECTOR);
        client.credit(1, 10);
        client.send(QUEUE, "a");
        assertThat(client.take()).isEmpty();
        assertStillWorking();
    }

    @Test
    void shouldRefuseWhatTheUserMayNotDo() {
        TestClient restricted = harness.client();
        restricted.permissions = (verb, address) -> !address.name().equals("secret");
        restricted.connect().openSession(1);
        Address secret = Address.queue("secret");

        assertThat(restricted.failure(restricted.send(secret, "a"))).isEqualTo(ErrorCode.SECURITY);
        assertThat(restricted.failure(restricted.attach(1, secret))).isEqualTo(ErrorCode.SECURITY);
        assertThat(restricted.failure(restricted.attach(1, 2, Source.browse(secret, null))))
                .isEqualTo(ErrorCode.SECURITY);
        Address temporary = new Address(Address.Kind.TEMPORARY_QUEUE, "secret");
        assertThat(restricted.failure(restricted.createTemporary(temporary))).isEqualTo(ErrorCode.SECURITY);
    }

    @Test
    void shouldEndTheSocketOfAClientThatBreaksTheProtocol() {
        for (ClientFrame frame : List.of(new ClientFrame.Connect(client.id, null, null, null, 0, 0, 0, "again"))) {
            TestClient rude = harness.connected();
            TestClient.Socket socket = rude.socket;

            rude.frame(frame);

            assertThat(socket.closed).isTrue();
            assertThat(rude.received.get(rude.received.size() - 1)).isInstanceOf(ServerFrame.Closed.class);
            harness.turn(() -> new ClientFrame.OpenSession(100, 5).dispatch(socket.handler));
            harness.turn(() -> harness.broker.disconnected(socket.handler, socket));
            assertThat(rude.reconnect().greeting.lastCommand()).isLessThan(100);
        }
        assertStillWorking();
    }

    @Test
    void shouldFailAMessageThatIsTooLong() {
        EnvelopeBuilder tooLong = new EnvelopeBuilder().body(BodyKind.BYTES, new byte[1 << 20], 1 << 20);
        assertThat(client.failure(client.send(QUEUE, tooLong))).isEqualTo(ErrorCode.RESOURCE_LIMIT);
        assertStillWorking();
    }

    @Test
    void shouldIgnoreFramesAfterClose() {
        long alias = client.alias(QUEUE);
        client.close();
        long length = harness.journal.length();

        client.frame(new ClientFrame.Send(client.nextCommand(), 1, false, true, alias, bytes()));
        client.openSession(3);
        client.attach(3, 1, Source.queue(QUEUE, null));
        client.credit(1, 10);
        client.close();
        client.disconnect();

        assertThat(harness.journal.length()).isEqualTo(length);
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(harness.connected().consume(1, QUEUE).take()).isEmpty();
    }

    @Test
    void shouldIgnoreWildNumbers() {
        client.consume(1, QUEUE);
        client.frame(new ClientFrame.Credit(1, client.generation(1), -5));
        client.frame(new ClientFrame.Drain(1, -1, -1));
        client.frame(new ClientFrame.OpenSession(-3, 4));
        client.frame(new ClientFrame.Commit(0, 1));

        assertStillWorking();
    }

    private ErrorCode failureOf(ClientFrame frame) {
        client.frame(frame);
        return client.failure(client.lastCommand);
    }

    private static byte[] bytes() {
        return message("x").build().bytes();
    }

    private void assertStillWorking() {
        TestClient other = harness.connected().consume(1, Address.queue("probe"));
        other.send(Address.queue("probe"), "alive");
        assertThat(other.takeTexts()).containsExactly("alive");
        if (client.greeting != null) {
            assertThat(client.failure(client.send(Address.queue("probe"), "alive too")))
                    .isNull();
        }
    }
}
