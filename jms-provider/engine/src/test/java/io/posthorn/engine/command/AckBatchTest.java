package io.posthorn.engine.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.Outcome;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.Source;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Acknowledgements that go together. */
class AckBatchTest {

    private static final int MANY = 1_000_000;

    private final ConsumerRef consumer = new ConsumerRef(3, 1, Source.queue(Address.queue("q"), null));

    private AckBatch batch() {
        return new AckBatch(consumer, Outcome.NONE);
    }

    private static EntryRanges entries(Command command) {
        return ((ClientFrame.Acknowledge) command.template()).entries();
    }

    @Test
    void shouldBeOneCommandOfAll() {
        AckBatch batch = batch();
        for (int entry = 0; entry < 100; entry++) {
            assertThat(batch.add(entry, true)).isTrue();
        }
        batch.add(200, true);
        Command command = batch.take();

        assertThat(entries(command)).hasToString("[0-99,200]");
        assertThat(command.unlogged().isEmpty()).isTrue();
        assertThat(command.consumers()).containsExactly(consumer);
    }

    @Test
    void shouldNoteWhatAnotherRunOfTheServerCannotHave() {
        AckBatch batch = batch();
        batch.add(0, false);
        batch.add(1, true);
        batch.add(2, false);
        Command command = batch.take();

        assertThat(entries(command)).hasToString("[0-2]");
        assertThat(command.unlogged()).hasToString("[0,2]");
    }

    @Test
    void shouldTakeNoMoreOnceItIsTakenOut() {
        AckBatch batch = batch();
        batch.add(1, true);
        Command command = batch.take();

        assertThat(batch.add(2, true)).isFalse();
        assertThat(entries(command)).hasToString("[1]");
    }

    @Test
    void shouldNotGrowWithoutBound() {
        AckBatch batch = batch();
        int count = 0;
        while (batch.add(count, true)) {
            count++;
        }
        assertThat(count).isEqualTo(4096);
        assertThat(entries(batch.take())).hasToString("[0-4095]");
    }

    @Test
    void shouldLoseNothingBetweenWhoAddsAndWhoTakes() throws Exception {
        Queue<AckBatch> outbox = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> adding = CompletableFuture.runAsync(() -> {
            AckBatch last = null;
            for (long entry = 0; entry < MANY; entry++) {
                if (last == null || !last.add(entry, true)) {
                    last = batch();
                    last.add(entry, true);
                    outbox.add(last);
                }
            }
        });
        long next = 0;
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (next < MANY && System.nanoTime() < deadlineNs) {
            AckBatch batch = outbox.poll();
            if (batch == null) {
                Thread.onSpinWait();
                continue;
            }
            EntryRanges taken = entries(batch.take());
            assertThat(taken.rangeCount()).isEqualTo(1);
            assertThat(taken.first(0)).isEqualTo(next);
            next = taken.last(0) + 1;
        }
        assertThat(next).isEqualTo(MANY);
        adding.get(1, TimeUnit.MINUTES);
    }
}
