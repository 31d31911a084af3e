package io.posthorn.broker;

import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.PageCodec;
import io.posthorn.broker.lane.Rows;
import io.posthorn.broker.lane.Space;
import io.posthorn.broker.queue.Courier;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.broker.store.SpaceAccount;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For queues that are only looked at: reads pages, and writes nothing. */
final class SalvageCourier implements Courier {

    private static final Logger LOG = LoggerFactory.getLogger(SalvageCourier.class);

    private final Journal log;
    private final SpaceAccount space;
    private final long nowMs;

    SalvageCourier(Journal log, SpaceAccount space, long nowMs) {
        this.log = log;
        this.space = space;
        this.nowMs = nowMs;
    }

    @Override
    public long nowMs() {
        return nowMs;
    }

    @Override
    public Rows readPage(MessageQueue queue, EntryBlock block) {
        try {
            if (RecordCodec.decode(log.read(block.page().position())) instanceof LogRecord.Page page) {
                return PageCodec.decode(page.entries(), block.firstId());
            }
            return null;
        } catch (JournalException | MalformedException | IllegalArgumentException gone) {
            LOG.debug("The page of numbers {} to {} of {} is gone", block.firstId(), block.lastId(), queue, gone);
            return null;
        }
    }

    @Override
    public boolean storePage(MessageQueue queue, EntryBlock block) {
        return false;
    }

    /** Counted anew from what is left, in the end. */
    @Override
    public Space space(boolean durable) {
        return space;
    }

    @Override
    public long spill(Content content, long gate) {
        throw onlyLookedAt();
    }

    @Override
    public void wakeAt(MessageQueue queue, long timeMs) {
        // nothing becomes due while nothing runs
    }

    @Override
    public void settle(MessageQueue queue, EntryRanges entries) {
        throw onlyLookedAt();
    }

    @Override
    public long raiseDeliveryMark(MessageQueue queue, long mark) {
        throw onlyLookedAt();
    }

    @Override
    public void deadLetter(MessageQueue queue, long entry, Death death, Envelope envelope) {
        throw onlyLookedAt();
    }

    @Override
    public void load(MessageQueue queue, EntryBlock block, int index) {
        throw onlyLookedAt();
    }

    @Override
    public void loadPage(MessageQueue queue, EntryBlock block) {
        throw onlyLookedAt();
    }

    private static IllegalStateException onlyLookedAt() {
        return new IllegalStateException("a queue that is only looked at hands nothing out");
    }
}
