package io.posthorn.broker;

import io.posthorn.broker.admission.Graveyard;
import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.PageCodec;
import io.posthorn.broker.lane.Rows;
import io.posthorn.broker.lane.Rubble;
import io.posthorn.broker.lane.Space;
import io.posthorn.broker.limit.DeathCause;
import io.posthorn.broker.queue.Courier;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Routes;
import io.posthorn.broker.store.Scratch;
import io.posthorn.broker.store.SpaceAccount;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What queues ask for: records of their own, contents read back, burial of what cannot be delivered. */
final class QueueCourier implements Courier {

    private static final Logger LOG = LoggerFactory.getLogger(QueueCourier.class);

    private final Host host;
    private final SpaceAccount space;
    private final Agenda agenda;
    private final Scratch scratch;
    private final LongPredicate past;
    private final PageDesk pages;
    private final Clearance clearance;
    private final Clearance scratchClearance;
    private final PieceDesk pieces;
    private final Map<Long, List<Waiter>> waiting = new HashMap<>();
    private Graveyard graveyard;
    private Recorder recorder;
    private long nowMs;

    QueueCourier(Host host, Logs logs, SpaceAccount space, Agenda agenda, LongPredicate past) {
        this.host = host;
        this.scratch = new Scratch(logs.scratch());
        this.past = past;
        this.pages = new PageDesk(host, logs, scratch);
        this.pieces = new PieceDesk(host);
        this.space = space;
        this.agenda = agenda;
        this.clearance = new Clearance(host, true, space, space.rubble());
        this.scratchClearance =
                new Clearance(host, false, scratch, scratch.space().rubble());
    }

    private record Waiter(MessageQueue queue, long entry) {}

    /** Ties the knot: the state holds queues, which hold this. */
    void attach(DurableState newState, Recorder newRecorder, Graveyard newGraveyard) {
        graveyard = newGraveyard;
        recorder = newRecorder;
        pages.attach(newState, newRecorder);
        pieces.attach(newState);
    }

    void now(long ms) {
        nowMs = ms;
    }

    @Override
    public long nowMs() {
        return nowMs;
    }

    @Override
    public void settle(MessageQueue queue, EntryRanges entries) {
        recorder.add(new LogRecord.Settled(queue.number(), entries));
        recorder.commit(Flush.LAZY);
    }

    @Override
    public long raiseDeliveryMark(MessageQueue queue, long mark) {
        recorder.add(new LogRecord.DeliveryMark(queue.number(), mark));
        return recorder.commit(queue.settings().syncFlush() ? Flush.SYNC : Flush.WRITE);
    }

    @Override
    public void deadLetter(MessageQueue queue, long entry, Death death, Envelope envelope) {
        Routes letter = graveyard.letter(queue, envelope, death.cause(), death.attempts(), nowMs);
        if (death.cause() == DeathCause.ATTEMPTS) {
            LOG.info(
                    "Message {} of {} was delivered {} times in vain and goes to queue '{}'",
                    entry,
                    queue,
                    death.attempts(),
                    queue.settings().deadLetterQueue());
        }
        letter.record(recorder);
        boolean logged = queue.isInLog(entry);
        if (logged) {
            recorder.add(new LogRecord.Settled(queue.number(), EntryRanges.of(entry)));
        }
        Decision.of(letter.flush(), gate -> {
                    letter.complete(gate); // first, so that somebody needs its body all the time
                    if (!logged) {
                        queue.settle(EntryRanges.of(entry));
                    }
                })
                .carryOut(recorder);
    }

    @Override
    public void load(MessageQueue queue, EntryBlock block, int index) {
        long key = Logs.key(block.isDurable(), block.position(index));
        List<Waiter> waiters = waiting.get(key);
        if (waiters == null) {
            waiters = new ArrayList<>(1);
            waiting.put(key, waiters);
            host.fetch(key);
        }
        Waiter waiter = new Waiter(queue, block.id(index));
        if (!waiters.contains(waiter)) {
            waiters.add(waiter);
        }
    }

    @Override
    public void hold(BooleanSupplier over) {
        host.hold(over);
    }

    @Override
    public void wakeAt(MessageQueue queue, long timeMs) {
        agenda.set(queue, timeMs);
    }

    @Override
    public void loadPage(MessageQueue queue, EntryBlock block) {
        pages.load(queue, block);
    }

    @Override
    public Rows readPage(MessageQueue queue, EntryBlock block) {
        return pages.read(queue, block);
    }

    @Override
    public boolean storePage(MessageQueue queue, EntryBlock block) {
        return pages.store(queue, block);
    }

    @Override
    public Space space(boolean durable) {
        return durable ? space : scratch;
    }

    /** Goes on giving back what is left of queues that were purged or deleted. At the end of a turn. */
    void clear() {
        clearance.work();
        scratchClearance.work();
    }

    @Override
    public long spill(Content content, long gate) {
        return past.test(gate) ? scratch.spill(content) : EntryBlock.VOLATILE;
    }

    /** Reads pieces of long bodies. */
    PieceDesk pieces() {
        return pieces;
    }

    Scratch scratch() {
        return scratch;
    }

    void onContent(long key, byte[] bytes) {
        boolean found = pages.onRecord(key, bytes)
                || pieces.onRecord(key, bytes)
                || clearance.onRecord(key, bytes)
                || scratchClearance.onRecord(key, bytes);
        if (found) {
            return;
        }
        Content content;
        try {
            content = new Content(Envelope.of(RecordCodec.envelopeOf(bytes)));
        } catch (MalformedException malformed) {
            onContentFailed(key, malformed.getMessage());
            return;
        }
        for (Waiter waiter : takeWaiters(key)) {
            waiter.queue().onContent(waiter.entry(), content);
        }
    }

    void onContentFailed(long key, String cause) {
        boolean found = pages.onFailed(key, cause)
                || pieces.onFailed(key, cause)
                || clearance.onFailed(key, cause)
                || scratchClearance.onFailed(key, cause);
        if (found) {
            return;
        }
        for (Waiter waiter : takeWaiters(key)) {
            if (waiter.queue().reload(waiter.entry(), Logs.position(key))) {
                continue;
            }
            if (waiter.queue().awaits(waiter.entry())) { // otherwise it is gone meanwhile, perhaps with its segment
                LOG.error(
                        "Message {} of {} cannot be read and is kept back: {}; stop the server and run 'posthorn "
                                + "journal check'",
                        waiter.entry(),
                        waiter.queue(),
                        cause);
            }
            waiter.queue().onContentFailed(waiter.entry());
        }
    }

    private List<Waiter> takeWaiters(long position) {
        List<Waiter> waiters = waiting.remove(position);
        return waiters == null ? List.of() : waiters;
    }

    /**
     * Gives back what the pages of purged and deleted queues hold of a log, a few pages at a time: they are read in the
     * background, and a turn never has more than a few to go through, however deep the queue was.
     */
    private static final class Clearance {

        /** How many pages are being read at once. */
        private static final int READ_AT_ONCE = 8;

        private final Host host;
        private final boolean durable;
        private final Space space;
        private final Rubble rubble;

        /** @param durable whether the pages are in the log that survives */
        Clearance(Host host, boolean durable, Space space, Rubble rubble) {
            this.host = host;
            this.durable = durable;
            this.space = space;
            this.rubble = rubble;
        }

        /** Asks for some pages, unless enough are awaited. */
        void work() {
            while (rubble.askedCount() < READ_AT_ONCE) {
                Rubble.Leftover page = rubble.ask();
                if (page == null) {
                    return;
                }
                host.fetch(Logs.key(durable, page.position()));
            }
        }

        /** Whether this is a page that was asked for here; then what it holds is given back. */
        boolean onRecord(long key, byte[] bytes) {
            Rubble.Leftover page = take(key);
            if (page == null) {
                return false;
            }
            try {
                LogRecord record = RecordCodec.decode(bytes);
                if (!(record instanceof LogRecord.Page found)) {
                    throw new MalformedException("another record stands where a page was written");
                }
                PageCodec.forEach(found.entries(), page.first(), space::released);
                space.released(page.position(), page.bytes());
            } catch (MalformedException malformed) {
                complain(page, malformed.getMessage());
            }
            return true;
        }

        boolean onFailed(long key, String cause) {
            Rubble.Leftover page = take(key);
            if (page != null) {
                complain(page, cause);
            }
            return page != null;
        }

        private Rubble.Leftover take(long key) {
            boolean mine = key == Logs.key(durable, Logs.position(key));
            return mine ? rubble.take(Logs.position(key)) : null;
        }

        private static void complain(Rubble.Leftover page, String cause) {
            LOG.error(
                    "A page of a queue that was purged or deleted cannot be read, so the space of its messages from number"
                            + " {} on is not given back: {}; stop the server and run 'posthorn journal repair'",
                    page.first(),
                    cause);
        }
    }
}
