package io.posthorn.broker;

import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.PageCodec;
import io.posthorn.broker.lane.Rows;
import io.posthorn.broker.queue.Backlog.StoredPage;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Scratch;
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
    private final Logs logs;
    private final Scratch scratch;
    private final Map<Long, Waiter> waiting = new HashMap<>();
    private DurableState state;
    private Recorder recorder;

    PageDesk(Host host, Logs logs, Scratch scratch) {
        this.host = host;
        this.logs = logs;
        this.scratch = scratch;
    }

    private record Waiter(MessageQueue queue, EntryBlock block) {}

    void attach(DurableState newState, Recorder newRecorder) {
        state = newState;
        recorder = newRecorder;
    }

    /** A page is a record of its own, so it is never written while a command is being decided, nor at recovery. */
    boolean store(MessageQueue queue, EntryBlock block) {
        if (!state.isLive() || !recorder.isEmpty()) {
            return false;
        }
        int priority = block.lane().priority();
        byte[] entries = PageCodec.encode(block);
        LogRecord.Page page = new LogRecord.Page(queue.number(), priority, block.firstId(), block.lastId(), entries);
        if (block.isDurable()) {
            recorder.add(page);
            return recorder.commit(Flush.LAZY) != Long.MAX_VALUE; // then the log has failed, and it stands nowhere
        }
        long position = scratch.append(page);
        queue.backlog().stored(priority, false, new StoredPage(page.first(), page.last(), entries, position));
        return true;
    }

    void load(MessageQueue queue, EntryBlock block) {
        long key = keyOf(block);
        waiting.put(key, new Waiter(queue, block));
        host.fetch(key);
    }

    Rows read(MessageQueue queue, EntryBlock block) {
        try {
            return decode(block, logs.read(keyOf(block)));
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
    boolean onRecord(long key, byte[] bytes) {
        Waiter waiter = waiting.remove(key);
        if (waiter == null) {
            return false;
        }
        EntryBlock block = waiter.block();
        if (isOutdated(block, key)) {
            load(waiter.queue(), block);
            return true;
        }
        try {
            waiter.queue().backlog().onPage(block, decode(block, bytes));
        } catch (MalformedException malformed) {
            failed(waiter, malformed.getMessage());
        }
        return true;
    }

    boolean onFailed(long key, String cause) {
        Waiter waiter = waiting.remove(key);
        if (waiter == null) {
            return false;
        }
        if (isOutdated(waiter.block(), key)) {
            load(waiter.queue(), waiter.block());
        } else {
            failed(waiter, cause);
        }
        return true;
    }

    /** The block came back, was changed and stored again, while its page was still being read. */
    private static boolean isOutdated(EntryBlock block, long key) {
        return block.live() > 0 && !block.isResident() && keyOf(block) != key;
    }

    private static long keyOf(EntryBlock block) {
        return Logs.key(block.isDurable(), block.page().position());
    }

    private void failed(Waiter waiter, String cause) {
        if (waiter.block().live() > 0 && !waiter.block().isResident()) {
            complain(waiter.queue(), waiter.block(), cause);
            waiter.queue().backlog().onPageFailed(waiter.block());
        } else {
            waiter.queue().backlog().onPageGone(waiter.block());
        }
    }

    /** Once, whoever tries in vain after that. */
    private static void complain(MessageQueue queue, EntryBlock block, String cause) {
        if (block.isUnreadable()) {
            return;
        }
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
