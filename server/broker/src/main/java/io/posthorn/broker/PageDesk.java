package io.posthorn.broker;

import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.PageCodec;
import io.posthorn.broker.lane.Rows;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.Recorder;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import io.posthorn.wire.message.MalformedException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pages of queues: written to the log, and read back, at once or when the host has read them. */
final class PageDesk {

    private static final Logger LOG = LoggerFactory.getLogger(PageDesk.class);

    private final Host host;
    private final Journal journal;
    private final Map<Long, Waiter> waiting = new HashMap<>();
    private DurableState state;
    private Recorder recorder;

    PageDesk(Host host, Journal journal) {
        this.host = host;
        this.journal = journal;
    }

    private record Waiter(MessageQueue queue, EntryBlock block) {}

    void attach(DurableState newState, Recorder newRecorder) {
        state = newState;
        recorder = newRecorder;
    }

    /** A page is a record of its own, so it is never written while a command is being decided, nor at recovery. */
    boolean store(MessageQueue queue, EntryBlock block) {
        if (!state.isLive() || !recorder.isEmpty() || !block.isDurable()) {
            return false;
        }
        recorder.add(new LogRecord.Page(
                queue.number(), block.lane().priority(), block.firstId(), block.lastId(), PageCodec.encode(block)));
        recorder.commit(Flush.LAZY);
        return true;
    }

    void load(MessageQueue queue, EntryBlock block) {
        long position = block.page().position();
        waiting.put(position, new Waiter(queue, block));
        host.fetch(position);
    }

    Rows read(MessageQueue queue, EntryBlock block) {
        try {
            return decode(block, journal.read(block.page().position()));
        } catch (JournalException | MalformedException failure) {
            if (!state.isLive()) {
                throw new IllegalStateException(
                        "a page of " + queue + " cannot be read: " + failure.getMessage(), failure);
            }
            complain(queue, block, failure.getMessage());
            return null;
        }
    }

    /** Whether this is a page that somebody waits for. */
    boolean onRecord(long position, byte[] bytes) {
        Waiter waiter = waiting.remove(position);
        if (waiter == null) {
            return false;
        }
        EntryBlock block = waiter.block();
        if (isOutdated(block, position)) {
            load(waiter.queue(), block);
            return true;
        }
        try {
            waiter.queue().onPage(block, decode(block, bytes));
        } catch (MalformedException malformed) {
            failed(waiter, malformed.getMessage());
        }
        return true;
    }

    boolean onFailed(long position, String cause) {
        Waiter waiter = waiting.remove(position);
        if (waiter == null) {
            return false;
        }
        if (isOutdated(waiter.block(), position)) {
            load(waiter.queue(), waiter.block());
        } else {
            failed(waiter, cause);
        }
        return true;
    }

    /** The block came back, was changed and stored again, while its page was still being read. */
    private static boolean isOutdated(EntryBlock block, long position) {
        return block.live() > 0 && !block.isResident() && block.page().position() != position;
    }

    private void failed(Waiter waiter, String cause) {
        if (waiter.block().live() > 0 && !waiter.block().isResident()) {
            complain(waiter.queue(), waiter.block(), cause);
            waiter.queue().onPageFailed(waiter.block());
        }
    }

    private static void complain(MessageQueue queue, EntryBlock block, String cause) {
        LOG.error(
                "Messages {} to {} of {}, {} in all, cannot be found and are kept back: {}; stop the server and run "
                        + "'posthorn journal check'",
                block.firstId(),
                block.lastId(),
                queue,
                block.live(),
                cause);
    }

    private static Rows decode(EntryBlock block, byte[] record) {
        if (RecordCodec.decode(record) instanceof LogRecord.Page page) {
            return PageCodec.decode(page.entries(), block.firstId());
        }
        throw new MalformedException("another record stands where a page was written");
    }
}
