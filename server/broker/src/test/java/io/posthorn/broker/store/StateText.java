package io.posthorn.broker.store;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.ContentMemory;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.PageCodec;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.lane.Rows;
import io.posthorn.broker.lane.Space;
import io.posthorn.broker.queue.Courier;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.QueueText;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** The whole durable state that a checkpoint leads to, as text, whatever is in pages and whatever is not. */
public final class StateText {

    private final Journal journal;

    private StateText(Journal journal) {
        this.journal = journal;
    }

    /** What the record at a position says; all that it refers to is read, too. */
    public static List<String> of(Journal journal, long baseline) throws JournalException {
        return new StateText(journal).read(baseline);
    }

    private List<String> read(long baseline) throws JournalException {
        SpaceAccount space = new SpaceAccount(journal);
        Directory directory = new Directory(
                name -> DestinationSettings.DEFAULTS,
                new Reader(),
                new ContentMemory(0),
                new Residency(Long.MAX_VALUE, 4096),
                0);
        DurableState state = new DurableState(directory, space);
        RecordCodec.decode(journal.read(baseline)).visit(state, baseline);
        List<String> lines = new ArrayList<>();
        directory.queues().stream()
                .filter(MessageQueue::isDurable)
                .sorted(Comparator.comparingLong(MessageQueue::number))
                .forEach(queue -> lines.addAll(QueueText.of(queue)));
        lines.add(HexFormat.of().formatHex(new Baseline(state).withoutQueues()));
        return lines;
    }

    /** Reads pages, and nothing else. */
    private final class Reader implements Courier {
        @Override
        public long nowMs() {
            return 0;
        }

        @Override
        public Rows readPage(MessageQueue queue, EntryBlock block) {
            try {
                byte[] record = journal.read(block.page().position());
                return PageCodec.decode(((LogRecord.Page) RecordCodec.decode(record)).entries(), block.firstId());
            } catch (JournalException failure) {
                throw new AssertionError(failure);
            }
        }

        @Override
        public void settle(MessageQueue queue, EntryRanges entries) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long raiseDeliveryMark(MessageQueue queue, long mark) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void deadLetter(MessageQueue queue, long entry, Death death, Envelope envelope) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void load(MessageQueue queue, EntryBlock block, int index) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void loadPage(MessageQueue queue, EntryBlock block) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean storePage(MessageQueue queue, EntryBlock block) {
            return false;
        }

        @Override
        public long spill(Content content, long gate) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wakeAt(MessageQueue queue, long timeMs) {}

        @Override
        public Space space(boolean durable) {
            return new SpaceAccount(journal);
        }
    }
}
