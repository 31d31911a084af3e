package io.posthorn.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.file.FileJournal;
import io.posthorn.journal.file.FileJournalSettings;
import io.posthorn.testkit.SimulatedDisk;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.EnvelopeBuilder;
import io.posthorn.wire.message.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A log in which a piece of a long body is damaged: its message is lost, and said to be; others are not. */
class LongBodyRepairTest {

    private static final Address QUEUE = Address.queue("long");
    private static final FileJournalSettings FILES =
            FileJournalSettings.defaults().withSegmentBytes(8192);
    private static final long NOW_MS = BrokerHarness.START_MS;
    private static final int BLOCK_ENTRIES = 8;

    @Test
    void shouldTellOfAMessageWhoseBodyIsNotWholeAndKeepTheOthers() throws JournalException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        BrokerHarness harness = start(disk);
        TestClient client = harness.connected();
        send(client, 7, "first");
        send(client, 8, "second");
        for (int index = 0; index < 10; index++) {
            client.send(QUEUE, "small " + index);
        }
        damage(disk, "second/1");

        StoreCheck.Outcome found = new StoreCheck(disk, harness.settings).check(NOW_MS);
        assertThat(found.report().losses()).anyMatch(loss -> loss.contains("not all of its body"));
        assertThat(found.report().messages()).isEqualTo(11);
        new StoreCheck(disk, harness.settings).repair(NOW_MS, ".aside", 8192);
        assertThat(new StoreCheck(disk, harness.settings).check(NOW_MS).isWhole())
                .isTrue();

        BrokerHarness repaired = start(disk);
        repaired.sleep(31_000);
        TestClient reader = new TestClient(repaired, new UUID(9, 9), null);
        reader.connect();
        reader.openSession(1);
        reader.consume(1, QUEUE);
        assertThat(reader.deliveries).hasSize(11);
        reader.frame(new ClientFrame.FetchPiece(1, reader.deliveries.get(0).entry(), 1));
        assertThat(reader.received.get(reader.received.size() - 1).toString()).contains("Piece[");
        reader.acknowledge(1, reader.lastEntries(11));
        assertThat(repaired.broker.report().queues()).allMatch(queue -> queue.depth() == 0);
    }

    private static void send(TestClient client, long upload, String name) {
        int length = 0;
        for (int index = 0; index < 3; index++) {
            byte[] bytes = (name + "/" + index).getBytes(StandardCharsets.UTF_8);
            client.frame(new ClientFrame.UploadPiece(upload, index, true, bytes));
            length += bytes.length;
        }
        client.send(
                QUEUE,
                new EnvelopeBuilder().persistent(true).bodyApart(BodyKind.BYTES, Manifest.ofUpload(length, upload)));
    }

    private static void damage(SimulatedDisk disk, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        for (String name : disk.names()) {
            byte[] content = disk.content(name);
            String all = new String(content, StandardCharsets.ISO_8859_1);
            int at = all.indexOf(text);
            if (at >= 0) {
                content[at + wanted.length - 1] ^= 4;
                disk.replace(name, content);
            }
        }
    }

    private static BrokerHarness start(SimulatedDisk disk) throws JournalException {
        return new BrokerHarness(FileJournal.openStepped(disk, FILES, () -> 0, new UUID(7, 7)), 600, BLOCK_ENTRIES);
    }
}
