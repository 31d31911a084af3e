package io.posthorn.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.file.FileJournal;
import io.posthorn.journal.file.FileJournalSettings;
import io.posthorn.testkit.SimulatedDisk;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ServerFrame;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the files of the log take, without a restart: three times what lives, and a fixed number of segments. DeepQueueCommand
 * does the same with millions.
 */
class DiskUseTest {

    private static final Address QUEUE = Address.queue("q");
    private static final Address IDLE = Address.queue("idle");
    private static final int SEGMENT = 64 << 10;

    /** Slack of two, the one that is written, the one made ready, two spare files. */
    private static final int FIXED = 6;

    /** Two that are empty, one that is to be freed. */
    private static final int FIXED_WHILE_BUSY = FIXED + 3;

    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    private long nowNs;
    private BrokerHarness harness;
    private TestClient client;

    @BeforeEach
    void start() throws JournalException {
        FileJournal files = FileJournal.openStepped(
                disk,
                FileJournalSettings.defaults().withSegmentBytes(SEGMENT).withStagingBytes(1 << 20),
                () -> nowNs += 1_000_000,
                new UUID(5, 5));
        harness = new BrokerHarness(files, 20_000, 128, 2 * SEGMENT);
        client = harness.connected();
    }

    private long diskBytes() {
        return disk.names().stream()
                .filter(name -> name.startsWith("segment") || name.startsWith("spare"))
                .mapToLong(name -> disk.content(name).length)
                .sum();
    }

    private long bound(int segments) {
        return 3 * harness.broker.report().journal().liveBytes() + (long) segments * SEGMENT;
    }

    private void rest() {
        for (int turn = 0; turn < 500; turn++) {
            harness.sleep(10);
        }
    }

    @Test
    void shouldFallWithWhatLivesAfterAllButOneInAHundredWereConsumed() {
        for (int number = 0; number < 10_000; number++) {
            client.send(QUEUE, "number " + number);
        }
        long full = diskBytes();
        client.attach(1, QUEUE);
        for (int taken = 0; taken < 10_000; taken += 100) {
            client.credit(1, taken + 100);
            List<ServerFrame.Deliver> batch = client.take();
            for (ServerFrame.Deliver deliver : batch.subList(1, 100)) {
                client.acknowledge(1, deliver.entry());
            }
            harness.sleep(1);
        }
        client.detach(1);
        rest();

        assertThat(full).isGreaterThan(16 * SEGMENT);
        assertThat(harness.broker.report().journal().liveBytes()).isBetween(100 * 60L, 100 * 400L);
        assertThat(diskBytes()).isLessThanOrEqualTo(bound(FIXED));
        assertThat(client.consume(2, QUEUE).textsOf(2)).hasSize(100).contains("number 0", "number 9900");
    }

    @Test
    void shouldNotGrowWithTheTrafficBehindADeepIdleQueue() {
        for (int number = 0; number < 5000; number++) {
            client.send(IDLE, "idle " + number);
        }
        client.consume(1, QUEUE);
        for (int number = 0; number < 20_000; number++) {
            client.send(QUEUE, "busy");
            client.acknowledge(1, client.last().entry());
            client.take();
            if (number % 50 == 0) {
                harness.sleep(1);
            }
            if (number % 1000 == 0) {
                assertThat(diskBytes()).as("after %d", number).isLessThanOrEqualTo(bound(FIXED_WHILE_BUSY));
            }
        }
        rest();

        assertThat(diskBytes()).isLessThanOrEqualTo(bound(FIXED));
        assertThat(client.consume(2, IDLE).textsOf(2)).hasSize(5000);
    }
}
