package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.journal.JournalException;
import io.posthorn.testkit.MemoryJournal;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What little is left of a backlog that is not stored holds no more of the disk than itself, without a restart. */
class ScratchCompactionTest {

    private static final Address QUEUE = Address.queue("q");
    private static final int SEGMENT = 4096;

    /** A quarter of it is for the scratch log. */
    private static final int SLACK = 80_000;

    /** The slack, the segment that is written, and one that is compacted. */
    private static final long FIXED = SLACK / 4 + 2 * SEGMENT;

    private BrokerHarness harness = new BrokerHarness(1 << 16, 0, 64L << 20, 2000, 8, SLACK);
    private TestClient client = harness.connected();

    private long scratchLength() {
        return ((MemoryJournal) harness.logs.scratch()).length();
    }

    private void send(Address address, int count) {
        for (int number = 0; number < count; number++) {
            client.send(address, message("" + number).persistent(false).property("stays", number % 100 == 7));
        }
    }

    /** Lets the broker do what it does in the background. */
    private void rest() {
        for (int turn = 0; turn < 500; turn++) {
            harness.sleep(1);
        }
    }

    private static List<String> staying(int count) {
        List<String> texts = new ArrayList<>();
        for (int number = 7; number < count; number += 100) {
            texts.add("" + number);
        }
        return texts;
    }

    /** Takes all that does not stay. */
    private void thin(Source source, int count) {
        client.attach(1, 1, source);
        for (int taken = 0; taken < count; taken += 100) {
            client.credit(1, taken + 100);
            client.take().forEach(deliver -> client.acknowledge(1, deliver.entry()));
        }
        client.detach(1);
    }

    @Test
    void shouldFallWithWhatLivesAfterAllButOneInAHundredWereConsumed() {
        send(QUEUE, 3000);
        long full = scratchLength();
        thin(Source.queue(QUEUE, "stays = FALSE"), 3000);
        rest();

        long live = harness.broker.report().scratch().liveBytes();
        assertThat(full).isGreaterThan(5 * FIXED);
        assertThat(live).isBetween(30 * 60L, 30 * 400L);
        assertThat(scratchLength()).isLessThanOrEqualTo(2 * live + FIXED);
        assertThat(client.consume(2, QUEUE).textsOf(2)).isEqualTo(staying(3000));
    }

    @Test
    void shouldMoveWhatSomebodyHolds() {
        send(QUEUE, 3000);
        client.attach(1, 2, Source.queue(QUEUE, "stays = TRUE"));
        client.credit(2, 30);
        assertThat(client.textsOf(2)).isEqualTo(staying(3000));
        thin(Source.queue(QUEUE, "stays = FALSE"), 3000);
        rest();
        assertThat(scratchLength())
                .isLessThanOrEqualTo(2 * harness.broker.report().scratch().liveBytes() + FIXED);

        client.detach(2);
        assertThat(client.consume(3, QUEUE).textsOf(3)).isEqualTo(staying(3000));
    }

    @Test
    void shouldMoveWhatSubscriptionsShareForAllOfThem() {
        for (int consumer = 2; consumer <= 5; consumer++) {
            client.attach(1, consumer, TestClient.topic("t"));
        }
        send(Address.topic("t"), 3000);
        for (int consumer = 2; consumer <= 5; consumer++) {
            client.credit(consumer, 3000);
            for (ServerFrame.Deliver deliver : client.take()) {
                if (Integer.parseInt(TestClient.text(deliver)) % 100 != 7) {
                    client.acknowledge(consumer, deliver.entry());
                }
            }
        }
        rest();

        assertThat(scratchLength())
                .isLessThanOrEqualTo(2 * harness.broker.report().scratch().liveBytes() + FIXED);
        client.deliveries.clear();
        for (int consumer = 2; consumer <= 5; consumer++) {
            client.release(consumer);
            client.credit(consumer, 3000);
            assertThat(client.textsOf(consumer)).isEqualTo(staying(3000));
        }
    }

    @Test
    void shouldLeaveSegmentsOfWhichAPageCannotBeRead() {
        client.consume(1, QUEUE);
        sendBusyBetween(Address.queue("idle"));
        client.take().forEach(deliver -> client.acknowledge(1, deliver.entry()));
        harness.diskFails = true;
        long before = harness.fetches;
        rest();

        assertThat(harness.fetches - before).isBetween(1L, 60L);
    }

    /** Of 3000, and one in 50 for each of these. */
    private void sendBusyBetween(Address... idle) {
        for (int number = 0; number < 3000; number++) {
            client.send(QUEUE, message("busy").persistent(false));
            for (Address address : number % 50 == 0 ? idle : new Address[0]) {
                client.send(address, message("idle " + number).persistent(false));
            }
        }
    }

    @Test
    void shouldFindAllThatIsNeededThoughAQueueBeforeItIsDeleted() {
        harness = new BrokerHarness(1 << 16, 0, 64L << 20, 2000, 8, 4);
        client = harness.connected();
        client.attach(1, 1, TestClient.topic("t"));
        client.attach(3, Address.queue("idle")); // is looked through next
        client.detach(3);
        send(Address.topic("t"), 600);
        client.consume(2, QUEUE);
        sendBusyBetween(Address.topic("t"), Address.queue("idle"));
        List<ServerFrame.Deliver> busy = client.take();
        harness.byHand();
        int done = 0;
        while (harness.fetchesWaiting() == 0) {
            client.acknowledge(2, busy.get(done++).entry());
        }
        long segment = harness.logs.scratch().currentSegment();
        client.detach(1);
        harness.automatic();
        busy.subList(done, busy.size()).forEach(deliver -> client.acknowledge(2, deliver.entry()));
        rest();

        // the last of them may be dense enough to stay
        assertThat(LongStream.range(1, segment - 1).filter(this::isInScratch)).isEmpty();
        assertThat(client.consume(3, Address.queue("idle")).textsOf(3))
                .hasSize(60)
                .contains("idle 0", "idle 2950");
    }

    private boolean isInScratch(long segment) {
        try {
            return !harness.logs.scratch().scan(segment, 0, 1).records().isEmpty();
        } catch (JournalException dropped) {
            return dropped.kind() != JournalException.Kind.DAMAGED;
        }
    }

    @Test
    void shouldLetADeepIdleQueuePinNothingButItself() {
        client.consume(1, QUEUE);
        sendBusyBetween(Address.queue("idle"));
        client.take().forEach(deliver -> client.acknowledge(1, deliver.entry()));
        rest();

        assertThat(scratchLength())
                .isLessThanOrEqualTo(2 * harness.broker.report().scratch().liveBytes() + FIXED);
        assertThat(client.consume(2, Address.queue("idle")).textsOf(2))
                .hasSize(60)
                .contains("idle 0", "idle 2950");
    }
}
