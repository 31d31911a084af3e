package io.posthorn.engine.command;

import io.posthorn.engine.Outcome;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Acknowledgements of one consumer that follow each other and have nobody waiting: they lie in the outbox as one, to which more is added, by the
 * holder of the session's lock, until whoever has the turn takes it out and makes one command of it.
 */
public final class AckBatch {

    private static final int TAKEN = -1;
    private static final int LENGTH_FIRST = 4;
    private static final int LENGTH_MAX = 4096;

    private final ConsumerRef consumer;
    private final Outcome outcome;

    /** How many there are, and when there will be no more. */
    private final AtomicInteger count = new AtomicInteger();

    /** Their numbers; those that a server which is started again does not have are negated. */
    private volatile long[] entries = new long[LENGTH_FIRST];

    public AckBatch(ConsumerRef consumer, Outcome outcome) {
        this.consumer = consumer;
        this.outcome = outcome;
    }

    public boolean isOf(ConsumerRef other) {
        return consumer.id() == other.id();
    }

    /** False when it is too late, or there are too many: it belongs into another batch then. */
    public boolean add(long entry, boolean isLogged) {
        int index = count.get();
        if (index == TAKEN || index == LENGTH_MAX) {
            return false;
        }
        if (index == entries.length) {
            entries = Arrays.copyOf(entries, 2 * index);
        }
        entries[index] = isLogged ? entry : ~entry;
        return count.compareAndSet(index, index + 1);
    }

    /** The command for all that are in it; there will be no more. */
    public Command take() {
        int size = count.getAndSet(TAKEN);
        EntryRanges.Builder all = new EntryRanges.Builder();
        EntryRanges.Builder unlogged = new EntryRanges.Builder();
        for (int index = 0; index < size; index++) {
            long entry = entries[index];
            all.add(entry < 0 ? ~entry : entry);
            if (entry < 0) {
                unlogged.add(~entry);
            }
        }
        ClientFrame.Acknowledge frame = new ClientFrame.Acknowledge(0, consumer.id(), false, false, all.build());
        return Command.about(consumer, frame, null, outcome).withUnlogged(unlogged.build());
    }
}
