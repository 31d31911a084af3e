package io.posthorn.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.broker.limit.LimitPolicy;
import io.posthorn.broker.limit.QueueLimit;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.EnvelopeBuilder;
import io.posthorn.wire.message.Manifest;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages whose bodies travel and are stored in pieces. */
class LongBodyTest {

    private static final Address QUEUE = Address.queue("long");
    private static final Address TOPIC = Address.topic("news");
    private static final int PIECE = 100;

    private final BrokerHarness harness = new BrokerHarness();

    @Test
    void shouldDeliverTheHeadAndThePiecesOfABodyWhenTheyAreAskedFor() {
        TestClient client = harness.connected().consume(1, QUEUE);
        upload(client, 7, 3, true);
        send(client, QUEUE, 7, 3, true, false);
        ServerFrame.Deliver deliver = client.last();
        assertThat(Manifest.of(TestClient.envelope(deliver)).length()).isEqualTo(3 * PIECE);
        assertThat(fetched(client, 1, deliver.entry(), 3)).isEqualTo(body(3));
        client.acknowledge(1, deliver.entry());
        assertThat(pieces()).isZero();
    }

    @Test
    void shouldGoOnWithAnUploadWhereItWasAfterACrashOfTheServer() {
        TestClient client = harness.connected();
        upload(client, 7, 2, true);
        harness.kill();
        client.reconnect();
        client.frame(piece(7, 3, true));
        assertThat(last(client)).isEqualTo(new ServerFrame.Staged(7, 2));
        client.frame(piece(7, 2, true));
        assertThat(last(client)).isEqualTo(new ServerFrame.Staged(7, 3));
        client.openSession(1);
        send(client, QUEUE, 7, 3, true, false);
        client.consume(1, QUEUE);
        assertThat(fetched(client, 1, client.last().entry(), 3)).isEqualTo(body(3));
    }

    @Test
    void shouldBeginAnUploadAgainThatWasNotToSurvive() {
        TestClient client = harness.connected();
        upload(client, 7, 2, false);
        harness.kill();
        client.connect();
        client.frame(piece(7, 2, false));
        assertThat(last(client)).isEqualTo(new ServerFrame.Staged(7, 0));
    }

    @Test
    void shouldForgetThePiecesOfAConnectionThatDoesNotComeBack() {
        TestClient client = harness.connected();
        upload(client, 7, 2, true);
        upload(client, 8, 2, false);
        assertThat(pieces()).isEqualTo(4);
        client.disconnect();
        harness.sleep(30_000);
        assertThat(pieces()).isZero();
        TestClient other = harness.connected();
        upload(other, 7, 2, true);
        harness.crashKeeping(100);
        assertThat(pieces()).isEqualTo(2);
        harness.sleep(30_001);
        assertThat(pieces()).isZero();
    }

    @Test
    void shouldForgetThePiecesThatTheClientDrops() {
        TestClient client = harness.connected();
        upload(client, 7, 2, true);
        client.frame(new ClientFrame.DropUpload(7));
        assertThat(pieces()).isZero();
    }

    @Test
    void shouldShareThePiecesAmongSubscriptions() {
        TestClient one = harness.connected("one");
        one.attach(1, 1, durable("a"));
        one.attach(1, 2, durable("b"));
        one.credit(1, 10);
        one.credit(2, 10);
        upload(one, 7, 3, true);
        send(one, TOPIC, 7, 3, true, false);
        assertThat(pieces()).isEqualTo(3);
        List<ServerFrame.Deliver> both = one.take();
        one.acknowledge(1, both.get(0).entry());
        assertThat(pieces()).isEqualTo(3);
        assertThat(fetched(one, 2, both.get(1).entry(), 3)).isEqualTo(body(3));
        one.acknowledge(2, both.get(1).entry());
        assertThat(pieces()).isZero();
    }

    @Test
    void shouldDropABodyThatNobodyWants() {
        TestClient client = harness.connected();
        upload(client, 7, 2, true);
        send(client, TOPIC, 7, 2, true, false);
        assertThat(pieces()).isZero();
    }

    @Test
    void shouldKeepThePiecesUntilATransactionIsDecided() {
        TestClient client = harness.connected();
        upload(client, 7, 2, true);
        send(client, QUEUE, 7, 2, true, true);
        assertThat(pieces()).isEqualTo(2);
        client.rollback(1);
        assertThat(pieces()).isZero();
        upload(client, 8, 2, true);
        send(client, QUEUE, 8, 2, true, true);
        client.commit(1);
        client.consume(1, QUEUE);
        assertThat(fetched(client, 1, client.last().entry(), 2)).isEqualTo(body(2));
    }

    @Test
    void shouldTakeTheMessageOfATransactionAgainAfterARestart() {
        TestClient client = harness.connected();
        upload(client, 7, 2, true);
        send(client, QUEUE, 7, 2, true, true);
        harness.kill();
        client.reconnect();
        client.openSession(1);
        send(client, QUEUE, 7, 2, true, true);
        client.commit(1);
        client.consume(1, QUEUE);
        assertThat(fetched(client, 1, client.last().entry(), 2)).isEqualTo(body(2));
    }

    @Test
    void shouldKeepBodiesOverRestartsWithAndWithoutACheckpoint() {
        TestClient client = harness.connected();
        upload(client, 7, 3, true);
        send(client, QUEUE, 7, 3, true, false);
        upload(client, 8, 1, true);
        harness.restart();
        assertThat(pieces()).isEqualTo(4);
        harness.crash();
        harness.sleep(30_001);
        assertThat(pieces()).isEqualTo(3);
        TestClient other = harness.connected().consume(1, QUEUE);
        assertThat(fetched(other, 1, other.last().entry(), 3)).isEqualTo(body(3));
        other.acknowledge(1, other.last().entry());
        harness.crash();
        assertThat(pieces()).isZero();
    }

    @Test
    void shouldReleaseTheBodyOfAMessageThatIsNotPersistent() {
        TestClient client = harness.connected();
        upload(client, 7, 3, false);
        send(client, QUEUE, 7, 3, false, false);
        client.consume(1, QUEUE);
        assertThat(fetched(client, 1, client.last().entry(), 3)).isEqualTo(body(3));
        client.acknowledge(1, client.last().entry());
        assertThat(pieces()).isZero();
    }

    @Test
    void shouldShowTheBodyToABrowserAndRefuseItToOthers() {
        TestClient client = harness.connected();
        upload(client, 7, 2, true);
        send(client, QUEUE, 7, 2, true, false);
        client.attach(1, 1, Source.browse(QUEUE, null));
        client.credit(1, 10);
        long entry = client.last().entry();
        assertThat(fetched(client, 1, entry, 2)).isEqualTo(body(2));
        client.attach(2, QUEUE);
        client.frame(new ClientFrame.FetchPiece(2, entry, 0));
        assertThat(last(client))
                .isInstanceOfSatisfying(
                        ServerFrame.PieceRefused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ILLEGAL_STATE));
    }

    @Test
    void shouldCarryTheBodyToTheDeadLetters() {
        harness.destinationSettings.put("long", new BrokerSettings.DestinationSettings(true, 1, "dead"));
        TestClient client = harness.connected();
        upload(client, 7, 2, true);
        send(client, QUEUE, 7, 2, true, false);
        client.consume(1, QUEUE);
        client.release(1, client.last().entry());
        client.consume(2, Address.queue("dead"));
        assertThat(fetched(client, 2, client.last().entry(), 2)).isEqualTo(body(2));
        client.acknowledge(2, client.last().entry());
        assertThat(pieces()).isZero();
    }

    @Test
    void shouldRefuseABodyThatIsTooLongAndNameTheLimit() {
        TestClient client = harness.connected();
        byte[] half = new byte[600_000];
        client.frame(new ClientFrame.UploadPiece(7, 0, true, half));
        client.frame(new ClientFrame.UploadPiece(7, 1, true, half));
        assertThat(last(client)).isInstanceOfSatisfying(ServerFrame.UploadRefused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.RESOURCE_LIMIT);
            assertThat(refused.text()).contains("message-length-max");
        });
        assertThat(pieces()).isZero();
    }

    @Test
    void shouldRefuseAMessageWhoseBodyIsNotThere() {
        TestClient client = harness.connected();
        upload(client, 7, 2, true);
        send(client, QUEUE, 7, 3, true, false);
        assertThat(client.failures.get(client.lastCommand).text()).contains("upload 7", "200");
    }

    @Test
    void shouldAnswerAPieceWhenItIsWritten() {
        TestClient client = harness.connected();
        harness.byHand();
        client.frame(piece(7, 0, true));
        assertThat(last(client)).isNotInstanceOf(ServerFrame.Staged.class);
        harness.write();
        assertThat(client.received).contains(new ServerFrame.Staged(7, 1));
    }

    @Test
    void shouldCountTheWholeLengthOfABodyInLimitsAndReports() {
        harness.destinationSettings.put(
                "long",
                new BrokerSettings.DestinationSettings(true, 1, "dead")
                        .withLimit(new QueueLimit(Long.MAX_VALUE, 1000, LimitPolicy.FAIL)));
        TestClient client = harness.connected();
        upload(client, 7, 4, true);
        send(client, QUEUE, 7, 4, true, false);
        upload(client, 8, 4, false);
        send(client, QUEUE, 8, 4, false, false);
        assertThat(bytes("queue 'long'")).isBetween(8L * PIECE, 8L * PIECE + 200);
        upload(client, 9, 4, true);
        send(client, QUEUE, 9, 4, true, false);
        assertThat(client.failure(client.lastCommand)).isEqualTo(ErrorCode.RESOURCE_LIMIT);

        harness.restart(); // what is not persistent goes
        assertThat(bytes("queue 'long'")).isBetween(4L * PIECE, 4L * PIECE + 100);
        harness.crash();
        assertThat(bytes("queue 'long'")).isBetween(4L * PIECE, 4L * PIECE + 100);
        TestClient later = harness.connected().consume(1, QUEUE);
        later.release(1, later.last().entry());
        assertThat(bytes("queue 'long'")).isZero();
        assertThat(bytes("queue 'dead'")).isGreaterThan(4L * PIECE);
    }

    @Test
    void shouldDropTheOldestByTheirWholeLength() {
        harness.destinationSettings.put(
                "long",
                new BrokerSettings.DestinationSettings(true, 1, "dead")
                        .withLimit(new QueueLimit(Long.MAX_VALUE, 1000, LimitPolicy.DROP_OLDEST)));
        TestClient client = harness.connected();
        for (int number = 1; number <= 5; number++) {
            upload(client, number, 4, true);
            send(client, QUEUE, number, 4, true, false);
        }
        assertThat(client.failures).isEmpty();
        assertThat(pieces()).isEqualTo(8);
    }

    @Test
    void shouldHoldBackABodyWhileTheDiskIsShortAndSayWhereToGoOn() {
        TestClient client = harness.connected();
        upload(client, 7, 2, true);
        press(new Pressure("the disk has 1 bytes free; disk-free-min is 2", 0));
        for (int index = 2; index < 4; index++) {
            client.frame(piece(7, index, true));
            assertThat(last(client)).isInstanceOfSatisfying(ServerFrame.UploadRefused.class, refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.BLOCKED);
                assertThat(refused.text()).contains("disk-free-min is 2");
            });
        }
        assertThat(pieces()).as("what was there stays").isEqualTo(2);
        assertThat(harness.broker.report().pressure().blockedSenders()).isEqualTo(1);
        upload(client, 8, 1, false);
        press(null);
        assertThat(last(client)).isEqualTo(new ServerFrame.Staged(7, 2));
        client.frame(piece(7, 2, true));
        assertThat(last(client)).isEqualTo(new ServerFrame.Staged(7, 3));

        press(new Pressure("the disk has 1 bytes free; disk-free-min is 2", 0));
        client.frame(piece(7, 3, true));
        client.disconnect();
        press(null);
        client.connect();
        client.frame(piece(7, 3, true));
        assertThat(last(client)).isEqualTo(new ServerFrame.Staged(7, 4));
        send(client, QUEUE, 7, 4, true, false);
        client.consume(1, QUEUE);
        assertThat(fetched(client, 1, client.last().entry(), 4)).isEqualTo(body(4));
    }

    @Test
    void shouldForgetABodyThatIsGivenUpWhileTheDiskIsShort() {
        TestClient client = harness.connected();
        upload(client, 7, 2, true);
        press(new Pressure("the disk has 1 bytes free; disk-free-min is 2", 0));
        client.frame(piece(7, 2, true));
        client.frame(new ClientFrame.DropUpload(7));
        assertThat(pieces()).isZero();
        press(null);
        assertThat(client.received).doesNotContain(new ServerFrame.Staged(7, 0));
    }

    @Test
    void shouldCompactSegmentsInWhichBodiesLive() {
        BrokerHarness small = new BrokerHarness(4096, 0, 8192, 2000, 8, 20_000);
        TestClient client = small.connected().consume(1, Address.queue("busy"));
        for (int number = 0; number < 10; number++) {
            upload(client, number, 3, true);
            send(client, QUEUE, number, 3, true, false);
            for (int count = 0; count < 300; count++) {
                client.send(Address.queue("busy"), "busy");
                client.acknowledge(1, client.last().entry());
            }
        }
        for (int turn = 0; turn < 500; turn++) {
            small.sleep(1);
        }
        assertThat(small.journal.length()).isLessThan(20_000 + 8 * 4096);
        small.crash();
        TestClient later = small.connected().consume(1, QUEUE);
        List<ServerFrame.Deliver> all = later.take();
        assertThat(all).hasSize(10);
        for (ServerFrame.Deliver deliver : all) {
            assertThat(fetched(later, 1, deliver.entry(), 3)).isEqualTo(body(3));
            later.acknowledge(1, deliver.entry());
        }
        assertThat(pieces(small)).isZero();
    }

    private void press(Pressure pressure) {
        harness.turn(() -> harness.broker.onPressure(pressure));
    }

    private long bytes(String label) {
        return harness.broker.report().queues().stream()
                .filter(queue -> queue.label().equals(label))
                .mapToLong(StoreReport.QueueLine::bytes)
                .sum();
    }

    private void upload(TestClient client, long upload, int pieces, boolean logged) {
        for (int index = 0; index < pieces; index++) {
            client.frame(piece(upload, index, logged));
            assertThat(last(client)).isEqualTo(new ServerFrame.Staged(upload, index + 1));
        }
    }

    private static ClientFrame.UploadPiece piece(long upload, int index, boolean logged) {
        byte[] bytes = new byte[PIECE];
        bytes[0] = (byte) index;
        return new ClientFrame.UploadPiece(upload, index, logged, bytes);
    }

    private static byte[] body(int pieces) {
        byte[] body = new byte[pieces * PIECE];
        for (int index = 0; index < pieces; index++) {
            body[index * PIECE] = (byte) index;
        }
        return body;
    }

    private static void send(
            TestClient client, Address to, long upload, int pieces, boolean persistent, boolean transacted) {
        byte[] envelope = new EnvelopeBuilder()
                .persistent(persistent)
                .bodyApart(BodyKind.BYTES, Manifest.ofUpload((long) pieces * PIECE, upload))
                .build()
                .bytes();
        client.send(1, transacted, to, envelope);
    }

    private static byte[] fetched(TestClient client, long consumer, long entry, int pieces) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int index = 0; index < pieces; index++) {
            client.frame(new ClientFrame.FetchPiece(consumer, entry, index));
            assertThat(last(client))
                    .isInstanceOfSatisfying(ServerFrame.Piece.class, piece -> bytes.writeBytes(piece.bytes()));
        }
        return bytes.toByteArray();
    }

    private static ServerFrame last(TestClient client) {
        return client.received.get(client.received.size() - 1);
    }

    private static Source durable(String name) {
        return new Source(TOPIC, Source.Mode.CONSUME, name, true, false, false, null);
    }

    private long pieces() {
        return pieces(harness);
    }

    private static long pieces(BrokerHarness of) {
        return of.broker.report().queues().stream()
                .filter(queue -> queue.label().contains("bodies"))
                .mapToLong(StoreReport.QueueLine::depth)
                .sum();
    }
}
