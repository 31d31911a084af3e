package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Source;
import org.junit.jupiter.api.Test;

/** Destinations that live as long as their connection. */
class TemporaryDestinationTest {

    private static final Address QUEUE = new Address(Address.Kind.TEMPORARY_QUEUE, "c-1");
    private static final Address TOPIC = new Address(Address.Kind.TEMPORARY_TOPIC, "c-1");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient owner = harness.connected();
    private final TestClient other = harness.connected();

    @Test
    void shouldTakeMessagesOfAnyoneAndGiveThemToItsOwner() {
        owner.createTemporary(QUEUE);
        owner.createTemporary(TOPIC);
        owner.consume(1, QUEUE);
        owner.consume(2, new Source(TOPIC, Source.Mode.CONSUME, null, false, false, false, null));

        other.send(QUEUE, "a");
        other.send(TOPIC, message("b").persistent(false));

        assertThat(owner.takeTexts()).containsExactly("a", "b");
    }

    @Test
    void shouldLetOnlyItsOwnerConsume() {
        owner.createTemporary(QUEUE);

        assertThat(other.failure(other.attach(1, QUEUE))).isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(other.failure(other.deleteTemporary(QUEUE))).isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(other.failure(other.createTemporary(QUEUE))).isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(owner.failure(owner.createTemporary(QUEUE))).isNull();
    }

    @Test
    void shouldNotBeDeletedWhileItIsConsumed() {
        owner.createTemporary(QUEUE);
        owner.createTemporary(TOPIC);
        owner.consume(1, QUEUE);
        owner.consume(2, new Source(TOPIC, Source.Mode.CONSUME, null, false, false, false, null));
        assertThat(owner.failure(owner.deleteTemporary(QUEUE))).isEqualTo(ErrorCode.ILLEGAL_STATE);
        assertThat(owner.failure(owner.deleteTemporary(TOPIC))).isEqualTo(ErrorCode.ILLEGAL_STATE);

        owner.detach(1);
        owner.detach(2);

        assertThat(owner.failure(owner.deleteTemporary(QUEUE))).isNull();
        assertThat(owner.failure(owner.deleteTemporary(TOPIC))).isNull();
        assertThat(owner.failure(owner.deleteTemporary(TOPIC))).isNull();
    }

    @Test
    void shouldRefuseWhatIsSentAfterItsEnd() {
        owner.createTemporary(QUEUE);
        assertThat(other.failure(other.send(QUEUE, "a"))).isNull();

        owner.deleteTemporary(QUEUE);

        assertThat(other.failure(other.send(QUEUE, "b"))).isEqualTo(ErrorCode.INVALID_DESTINATION);
    }

    @Test
    void shouldDropWhatATransactionSentToOneThatIsGone() {
        owner.createTemporary(QUEUE);
        other.sendTransacted(QUEUE, "a");
        other.sendTransacted(Address.queue("q"), "b");
        owner.deleteTemporary(QUEUE);

        assertThat(other.failure(other.commit(1))).isNull();
        assertThat(other.consume(1, Address.queue("q")).takeTexts()).containsExactly("b");
    }

    @Test
    void shouldTakeAcknowledgementsForOneThatIsGone() {
        owner.createTemporary(QUEUE);
        owner.consume(1, QUEUE);
        other.send(QUEUE, "a");
        other.send(QUEUE, "b");
        long[] entries = owner.lastEntries(2);
        owner.detach(1, entries);
        owner.deleteTemporary(QUEUE);

        assertThat(owner.failure(owner.acknowledge(1, entries[0]))).isNull();
        owner.acknowledgeTransacted(1, entries[1]);
        assertThat(owner.failure(owner.rollback(1))).isNull();
    }

    @Test
    void shouldGoWithItsConnection() {
        owner.createTemporary(QUEUE);
        owner.consume(1, QUEUE);

        owner.close();

        assertThat(other.failure(other.send(QUEUE, "a"))).isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(other.failure(other.createTemporary(QUEUE))).isNull();
    }

    @Test
    void shouldKeepAfterARestartWhatIsSentBeforeItsOwnerIsBack() {
        Address named = Address.temporary(Address.Kind.TEMPORARY_QUEUE, owner.id, 1);
        owner.createTemporary(named);
        harness.crash();
        other.reconnect().openSession(1);
        assertThat(other.failure(other.send(named, "a"))).isNull();
        other.sendTransacted(named, "b");
        assertThat(other.failure(other.commit(1))).isNull();

        owner.reconnect();
        assertThat(other.failure(other.send(named, "c")))
                .as("its owner is here, and has not said it")
                .isNull();
        owner.openSession(1);
        assertThat(owner.failure(owner.createTemporary(named))).isNull();

        assertThat(owner.consume(1, named).takeTexts()).containsExactly("a", "b", "c");
        Address unknown = Address.temporary(Address.Kind.TEMPORARY_QUEUE, owner.id, 2);
        assertThat(other.failure(other.send(unknown, "d"))).isEqualTo(ErrorCode.INVALID_DESTINATION);
    }

    @Test
    void shouldDeleteAfterARestartWhatWasKeptForAnOwnerThatDoesNotComeBack() {
        Address named = Address.temporary(Address.Kind.TEMPORARY_QUEUE, owner.id, 1);
        owner.createTemporary(named);
        harness.crash();
        other.reconnect().openSession(1);
        assertThat(other.failure(other.send(named, "a"))).isNull();
        harness.sleep(harness.settings.resumeWindowMs() + 1);

        assertThat(other.failure(other.send(named, "b"))).isEqualTo(ErrorCode.INVALID_DESTINATION);
    }

    @Test
    void shouldKeepNothingForAnOwnerThatEndedBeforeTheRestart() {
        Address named = Address.temporary(Address.Kind.TEMPORARY_QUEUE, owner.id, 1);
        owner.createTemporary(named);
        owner.close();
        harness.crash();
        other.reconnect().openSession(1);

        assertThat(other.failure(other.send(named, "a"))).isEqualTo(ErrorCode.INVALID_DESTINATION);
    }

    @Test
    void shouldLiveAsLongAsTheResumeWindowWithoutASocket() {
        owner.createTemporary(QUEUE);
        owner.consume(1, QUEUE);
        owner.disconnect();
        assertThat(other.failure(other.send(QUEUE, "a"))).isNull();

        owner.reconnect();
        owner.attach(1, QUEUE);
        owner.credit(1, 10);
        assertThat(owner.takeTexts()).containsExactly("a");

        owner.disconnect();
        harness.sleep(30_000);
        assertThat(other.failure(other.send(QUEUE, "b"))).isEqualTo(ErrorCode.INVALID_DESTINATION);
    }

    @Test
    void shouldNotSurviveARestartAndBeMadeAnew() {
        owner.createTemporary(QUEUE);
        owner.consume(1, QUEUE);
        other.send(QUEUE, "a");
        harness.crash();

        owner.reconnect();
        owner.openSession(1);
        owner.createTemporary(QUEUE);
        owner.take();
        owner.attach(
                1, 1, Source.queue(QUEUE, null), TestClient.ranges(owner.last().entry()));
        owner.credit(1, 10);
        assertThat(owner.take()).isEmpty();

        owner.acknowledgeTransacted(1, owner.last().entry());
        assertThat(owner.failure(owner.commit(1))).isNull();
    }

    @Test
    void shouldRefuseNamesThatAreNone() {
        assertThat(owner.failure(owner.createTemporary(Address.queue("q")))).isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(owner.failure(owner.createTemporary(new Address(Address.Kind.TEMPORARY_QUEUE, " "))))
                .isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(owner.failure(owner.createTemporary(new Address(Address.Kind.TEMPORARY_QUEUE, "x".repeat(4097)))))
                .isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(owner.failure(owner.deleteTemporary(Address.queue("q")))).isNull();
        owner.send(Address.queue("q"), "a");
        assertThat(owner.failure(owner.deleteTemporary(Address.queue("q")))).isEqualTo(ErrorCode.INVALID_DESTINATION);
    }
}
