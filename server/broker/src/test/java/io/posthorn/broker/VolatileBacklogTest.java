package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.testkit.MemoryJournal;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** NON_PERSISTENT messages and queues that are not durable, when they do not fit into memory. */
class VolatileBacklogTest {

    private static final Address QUEUE = Address.queue("q");

    private final BrokerHarness harness = new BrokerHarness(1 << 16, 0, 64L << 20, 2000, 8, 1L << 40);
    private final TestClient client = harness.connected();

    @Test
    void shouldDeliverADeepBacklogInOrder() {
        send(QUEUE, 1000);

        assertThat(scratchLength()).isGreaterThan(1000 * 30);
        assertThat(client.consume(1, QUEUE).takeTexts()).isEqualTo(numbers(0, 1000));
    }

    @Test
    void shouldKeepTheOrderOfPersistentMessagesAndOthers() {
        for (int number = 0; number < 300; number++) {
            client.send(QUEUE, numbered(number).persistent(number % 3 == 0));
        }

        assertThat(client.consume(1, QUEUE).takeTexts()).isEqualTo(numbers(0, 300));
    }

    @Test
    void shouldLetGoOfWhatWasConsumed() {
        send(QUEUE, 1000);
        client.consume(1, QUEUE);
        client.acknowledge(
                1,
                client.deliveries.stream().mapToLong(deliver -> deliver.entry()).toArray());
        send(Address.queue("other"), 200);

        assertThat(scratchLength()).isLessThan(40_000);
    }

    @Test
    void shouldSpillTemporaryQueuesAndDropThemWithTheirQueue() {
        Address temporary = new Address(Address.Kind.TEMPORARY_QUEUE, "t");
        client.createTemporary(temporary);
        for (int number = 0; number < 1000; number++) {
            client.send(temporary, numbered(number));
        }
        assertThat(scratchLength()).isGreaterThan(1000 * 30);
        client.attach(1, temporary);
        client.credit(1, 10);
        assertThat(client.takeTexts()).isEqualTo(numbers(0, 10));
        client.detach(1);

        client.deleteTemporary(temporary);
        send(Address.queue("other"), 200);

        assertThat(scratchLength()).isLessThan(40_000);
    }

    @Test
    void shouldShareOneCopyAmongTheSubscriptionsOfATopic() {
        for (int consumer = 1; consumer <= 5; consumer++) {
            client.attach(1, consumer, TestClient.topic("t"));
        }
        for (int number = 0; number < 300; number++) {
            client.send(Address.topic("t"), numbered(number).persistent(false));
        }
        long messages = 300 * 90;
        assertThat(scratchLength()).isLessThan(messages + 5 * 300 * 16);

        for (int consumer = 1; consumer <= 5; consumer++) {
            client.credit(consumer, 1000);
            assertThat(client.textsOf(consumer)).isEqualTo(numbers(0, 300));
        }
    }

    @Test
    void shouldServeSelectorsExpiryAndDelayOnADeepBacklog() {
        for (int number = 0; number < 500; number++) {
            client.send(
                    QUEUE,
                    numbered(number)
                            .persistent(false)
                            .expiration(number % 10 == 1 ? harness.nowMs + 50 : 0)
                            .deliveryTime(number % 10 == 2 ? harness.nowMs + 5000 : 0));
        }
        harness.sleep(100);
        client.consume(1, Source.queue(QUEUE, "n = 499 OR n BETWEEN 100 AND 102"));
        assertThat(client.takeTexts()).containsExactly("100", "499");
        harness.sleep(5000);
        assertThat(client.takeTexts()).containsExactly("102");

        client.consume(2, QUEUE);
        assertThat(client.takeTexts()).hasSize(500 - 50 - 3);
    }

    @Test
    void shouldBeginEmptyAfterACrash() {
        send(QUEUE, 1000);
        harness.crash();

        assertThat(scratchLength()).isZero();
        assertThat(harness.connected().consume(1, QUEUE).take()).isEmpty();
    }

    private long scratchLength() {
        return ((MemoryJournal) harness.logs.scratch()).length();
    }

    private void send(Address address, int count) {
        for (int number = 0; number < count; number++) {
            client.send(address, numbered(number).persistent(false));
        }
    }

    private static EnvelopeBuilder numbered(int number) {
        return message("" + number).property("n", number);
    }

    private static List<String> numbers(int first, int count) {
        List<String> texts = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            texts.add("" + (first + index));
        }
        return texts;
    }
}
