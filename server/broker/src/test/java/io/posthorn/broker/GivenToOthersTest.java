package io.posthorn.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Source;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A client has a message in hand, the server is started again and gives the message to somebody else, who gives it back, and it comes to
 * the client a second time: what the client acknowledges next is what it had in hand, and that is void.
 */
class GivenToOthersTest {

    private static final Address QUEUE = Address.queue("q");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected();
    private final TestClient other = harness.connected();
    private long entry;

    @BeforeEach
    void comeASecondTime() {
        client.consume(1, QUEUE);
        client.send(QUEUE, "a");
        entry = client.last().entry();
        harness.crash();
        other.reconnect();
        other.openSession(1);
        other.consume(1, QUEUE);
        client.reconnect();
        client.openSession(1);
        client.attach(1, 1, Source.queue(QUEUE, null), EntryRanges.of(entry));
        client.credit(1, 10);
        client.take();
        other.release(1, entry);
        assertThat(client.takeTexts()).containsExactly("a");
        assertThat(client.last().entry()).isEqualTo(entry);
        assertThat(client.last().redelivered()).isTrue();
    }

    @Test
    void shouldNotCommitWhatWasGivenToOthersThoughItHasComeAgain() {
        client.acknowledgeTransacted(1, entry);

        assertThat(client.failure(client.commit(1))).isEqualTo(ErrorCode.ROLLED_BACK);
        client.acknowledgeTransacted(1, entry);
        assertThat(client.failure(client.commit(1))).isNull();
        harness.crash();
        assertThat(harness.connected().consume(1, QUEUE).takeTexts()).isEmpty();
    }

    @Test
    void shouldNotAcknowledgeWhatWasGivenToOthersThoughItHasComeAgain() {
        assertThat(client.failure(client.acknowledge(1, entry))).isEqualTo(ErrorCode.ILLEGAL_STATE);
        assertThat(client.failure(client.acknowledge(1, entry))).isNull();
    }

    @Test
    void shouldPassOverALazyAcknowledgementOfWhatWasGivenToOthers() {
        client.acknowledge(1, false, false, EntryRanges.of(entry));

        client.release(1);
        client.credit(1, 10);
        assertThat(client.takeTexts()).containsExactly("a");
    }

    @Test
    void shouldMakeTheOldHoldGoodWhenTheLaterDeliveryIsDroppedWithItsLink() {
        client.reconnect();
        client.attach(1, 1, Source.queue(QUEUE, null), EntryRanges.of(entry));
        client.credit(1, 10);
        assertThat(client.takeTexts()).isEmpty();

        client.acknowledgeTransacted(1, entry);
        assertThat(client.failure(client.commit(1))).isNull();
    }

    @Test
    void shouldForgetTheOldHoldWhenTheClientGivesEverythingBack() {
        client.release(1, entry);
        client.credit(1, 10);
        assertThat(client.takeTexts()).containsExactly("a");

        assertThat(client.failure(client.acknowledge(1, entry))).isNull();
    }
}
