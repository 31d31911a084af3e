package io.posthorn.broker;

import io.posthorn.broker.body.Bodies;
import io.posthorn.broker.lane.ContentMemory;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.QueueAudit;
import io.posthorn.broker.queue.QueueAudit.LostPage;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.OtherVersionException;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.broker.store.Checkpoints;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.Directory;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.SpaceAccount;
import io.posthorn.broker.store.Subscription;
import io.posthorn.journal.Journal.Checkpoint;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.salvage.LogSurvey;
import io.posthorn.journal.salvage.LogSurvey.Whole;
import io.posthorn.journal.salvage.SurveyedLog;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes of a log that was surveyed, damaged or not, the state that it leads to: from the newest record that tells all, and
 * what is whole behind it. Then each entry is looked up: what cannot be had any more is taken out and listed. Entries of a
 * lost page are sought in the rest of the log. Once, on the caller's thread.
 */
public final class Salvage {

    /** How many losses are listed one by one. */
    private static final int LISTED_MAX = 1000;

    private final SurveyedLog log;
    private final LogSurvey survey;
    private final BrokerSettings settings;
    private final long nowMs;
    private final Residency residency;
    private final SpaceAccount space;
    private final DurableState state;
    private final Map<LostPage, MessageQueue> lostPages = new LinkedHashMap<>();
    private final List<String> losses = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();
    private long lossesUnlisted;
    private boolean indexUseless;

    private Salvage(SurveyedLog log, BrokerSettings settings, long nowMs) {
        this.log = log;
        this.survey = log.survey();
        this.settings = settings;
        this.nowMs = nowMs;
        residency = new Residency(settings.indexBytesMax(), settings.blockEntries());
        space = new SpaceAccount(log);
        state = state(space, residency);
    }

    /** What was found. */
    public record Report(long destinations, long messages, List<String> losses, List<String> doubts) {

        public boolean isWhole() {
            return losses.isEmpty() && doubts.isEmpty();
        }
    }

    /** Whether a record tells all that the log has come to. For the survey. */
    public static boolean tellsAll(byte[] record) {
        return RecordCodec.isBaseline(record);
    }

    /**
     * Rebuilds the state from what is whole.
     *
     * @throws JournalException UNUSABLE, when another release wrote it: there is nothing to repair then
     */
    public static Salvage of(SurveyedLog log, BrokerSettings settings, long nowMs) throws JournalException {
        Salvage salvage = new Salvage(log, settings, nowMs);
        try {
            salvage.rebuild();
            salvage.clean();
            if (!salvage.lostPages.isEmpty()) {
                salvage.seekLostPages();
            }
            BodyAudit.clean(salvage.state.directory(), what -> salvage.lost(true, what));
            return salvage;
        } catch (OtherVersionException other) {
            throw other.asRefusal();
        }
    }

    public Report report() {
        long messages = 0;
        for (MessageQueue queue : state.directory().queues()) {
            messages += queue.number() == Bodies.QUEUE ? 0 : queue.depth();
        }
        List<String> listed = new ArrayList<>(losses);
        if (lossesUnlisted > 0) {
            listed.add("and " + lossesUnlisted + " more");
        }
        return new Report(state.directory().destinations().size(), messages, listed, List.copyOf(doubts));
    }

    /** The record that a log can go on with; what may have been delivered before is marked as such. */
    public byte[] telling() {
        state.onStartedUncleanly(new LogRecord.StartedUncleanly());
        space.clear();
        survey.segments().forEach(segment -> space.seen(segment << 32, survey.bytesOf(segment)));
        state.directory().queues().forEach(queue -> QueueAudit.account(queue, new Inspector(queue)));
        state.preparedSends()
                .forEach(send -> space.retained(send.position(), send.envelope().length()));
        return RecordCodec.baseline(state.baseline());
    }

    /** What a checkpoint says that refers to that record. */
    public static byte[] index(long position) {
        return Checkpoints.index(position);
    }

    private DurableState state(SpaceAccount account, Residency blocks) {
        SalvageCourier courier = new SalvageCourier(log, account, nowMs);
        Directory directory = new Directory(
                settings.destinations(), courier, new ContentMemory(0), blocks, log.epoch() << Broker.RUN_SHIFT);
        return new DurableState(directory, account);
    }

    private void rebuild() throws JournalException {
        checkIndex();
        long start = survey.newestTelling();
        survey.read(start, (records, complete) -> replay(records, complete, state, true));
        residency.trim(0);
        boolean gap = survey.damages().stream().anyMatch(damage -> damage.to() > start && damage.to() > damage.from());
        boolean all =
                start > 0 || survey.segments().isEmpty() || survey.segments().contains(1L);
        if (gap || !all) {
            String where = all ? "behind position " + text(start) : "before position " + text(firstPosition());
            doubts.add("Records " + where
                    + " are gone: messages that were sent there are lost, messages that were consumed"
                    + " there come back, and what was created or deleted there is as it was before. All messages that are left"
                    + " are marked as redelivered");
            state.directory().queues().forEach(queue -> queue.deliveryMark(queue.lastNumber() + 1));
        }
    }

    private long firstPosition() {
        return survey.segments().get(0) << 32;
    }

    /** A start relies on the record that the checkpoint refers to. */
    private void checkIndex() {
        Checkpoint checkpoint = survey.checkpoint();
        if (checkpoint != null) {
            try {
                indexUseless = !survey.isWhole(Checkpoints.positionIn(checkpoint.index()));
            } catch (MalformedException other) {
                indexUseless = true;
            }
            if (indexUseless) {
                doubts.add("The checkpoint refers to a record that is not whole, so a server does not start");
            }
        }
    }

    private void replay(List<Whole> records, boolean complete, DurableState into, boolean told) {
        if (!complete && told) {
            doubts.add("Of what one command or transaction did at position "
                    + text(records.get(0).position()) + ", only " + records.size()
                    + " records are whole; those count, but for what was being prepared for a two-phase commit");
        }
        for (Whole whole : records) {
            try {
                LogRecord record = RecordCodec.decode(whole.body());
                if (!told && record instanceof LogRecord.Moved moved) {
                    follow(moved, whole.position(), into);
                } else if (complete || !isOfBranch(record)) {
                    record.visit(into, whole.position());
                }
            } catch (IllegalStateException | MalformedException wrong) {
                lost(
                        told,
                        "The record at position " + text(whole.position()) + " cannot be followed: "
                                + wrong.getMessage());
            }
        }
        residency.trim(0);
    }

    /** The record that a message was moved from is gone as a rule, with its segment; this one says all that matters. */
    private static void follow(LogRecord.Moved moved, long position, DurableState history) {
        Envelope envelope = Envelope.of(moved.envelope());
        for (LogRecord.Target target : moved.targets()) {
            MessageQueue queue = history.directory().queue(target.queue());
            if (queue != null && !queue.backlog().isAt(true, envelope.priority(), target.entry(), moved.from())) {
                queue.settle(EntryRanges.of(target.entry()));
                queue.backlog().adopt(target.entry(), position, envelope);
            }
        }
        moved.visit(history, position);
    }

    /** Records of a branch that is not whole would make half of it visible. */
    private static boolean isOfBranch(LogRecord record) {
        return record instanceof LogRecord.PreparedSend
                || record instanceof LogRecord.PreparedMoved
                || record instanceof LogRecord.PreparedSettle
                || record instanceof LogRecord.BranchPrepared;
    }

    private void clean() {
        state.directory().queues().forEach(queue -> QueueAudit.clean(queue, new Inspector(queue)));
        state.preparedSends()
                .forEach(send -> lost(
                        !survey.isWhole(send.position()),
                        "A message of a prepared transaction, at position " + text(send.position())));
    }

    /** The messages may be whole even if the list of them is not: all that the log still says is put together. */
    private void seekLostPages() throws JournalException {
        DurableState history = state(new SpaceAccount(log), new Residency(Long.MAX_VALUE, settings.blockEntries()));
        for (Destination destination : state.directory().destinations()) {
            history.onDestinationCreated(new LogRecord.DestinationCreated(destination.number(), destination.address()));
        }
        for (Subscription durable : state.directory().durables()) {
            history.onSubscriptionCreated(new LogRecord.SubscriptionCreated(
                    durable.queue().number(),
                    durable.topic().address().name(),
                    durable.key().clientId(),
                    durable.key().name(),
                    durable.shared(),
                    durable.noLocal(),
                    durable.selectorText()));
        }
        survey.read(
                0,
                (records, complete) -> replay(
                        records.stream()
                                .filter(whole -> isHistory(whole.body()))
                                .toList(),
                        complete,
                        history,
                        false));
        for (Map.Entry<LostPage, MessageQueue> lost : lostPages.entrySet()) {
            restore(lost.getKey(), lost.getValue(), history);
        }
    }

    private static boolean isHistory(byte[] body) {
        try {
            LogRecord record = RecordCodec.decode(body);
            return !(record instanceof LogRecord.Baseline
                    || record instanceof LogRecord.DestinationCreated
                    || record instanceof LogRecord.SubscriptionCreated
                    || record instanceof LogRecord.QueueDeleted);
        } catch (MalformedException unknown) {
            return false; // said when the state was rebuilt, if it matters
        }
    }

    private void restore(LostPage page, MessageQueue queue, DurableState history) {
        MessageQueue known = history.directory().queue(queue.number());
        int restored = known == null ? 0 : QueueAudit.restore(queue, page, known);
        String where =
                "of " + page.count() + " messages, numbers " + page.first() + " to " + page.last() + " of " + queue;
        if (restored < page.count()) {
            lost(
                    true,
                    (page.count() - restored) + " " + where
                            + ": the list of them is gone, and they were found nowhere else");
        }
        if (restored > 0) {
            BodyAudit.adopt(queue, known, page.first(), page.last());
            doubts.add(
                    "The list " + where + " is gone; it was put together anew from " + restored + " messages that are"
                            + " whole. One that was consumed is among them if the log does not say so any more");
        }
    }

    private void lost(boolean count, String what) {
        if (!count) {
            return;
        }
        if (losses.size() < LISTED_MAX) {
            losses.add(what);
        } else {
            lossesUnlisted++;
        }
    }

    private static String text(long position) {
        return (position >>> 32) + ":" + (position & 0xffff_ffffL);
    }

    /** Looks at the entries of one queue. */
    private final class Inspector implements QueueAudit.Inspector {
        private final MessageQueue queue;

        Inspector(MessageQueue queue) {
            this.queue = queue;
        }

        @Override
        public boolean isWhole(long position) {
            return survey.isWhole(position);
        }

        @Override
        public void onLost(long entry, long position) {
            lost(
                    true,
                    "Message " + entry + " of " + queue + ", at position " + text(position) + " in "
                            + survey.place(position));
        }

        @Override
        public void onPageLost(LostPage page) {
            lostPages.put(page, queue);
        }

        @Override
        public void onNeeded(long position, int bytes) {
            space.retained(position, bytes);
        }

        @Override
        public void onBlockDone() {
            residency.trim(0);
        }
    }
}
