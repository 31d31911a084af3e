package io.posthorn.broker.compaction;

import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.LogRecord.Target;
import io.posthorn.broker.store.Directory;
import io.posthorn.broker.store.SpaceAccount;
import io.posthorn.journal.Journal;
import java.util.List;

/** One of the two logs, as the {@link Compactor} sees it: what of it is needed, and how that is written once more. */
interface Mover {

    /** How far something is. */
    enum Progress {
        DONE,
        /** A page must come first, which was asked for, or there is more to look at. */
        WAITING,
        /** A page that must come first cannot be read. */
        STUCK
    }

    /** What the log is called. */
    String name();

    Journal journal();

    SpaceAccount space();

    /** How many bytes were appended since the start, or an earlier moment. */
    long appendedBytes();

    /**
     * Finds out who needs something of a segment, as far as its records do not say so: looks at this many things at the most.
     */
    Progress prepare(long segment, int looks);

    /** Writes once more what is needed of a record. */
    Progress move(Journal.Found found);

    /** The segment that was prepared is done with. */
    void end();

    /** Asks for the page of a block that is not in memory. */
    static Progress ask(MessageQueue queue, EntryBlock block) {
        if (block.isUnreadable()) {
            return Progress.STUCK;
        }
        queue.backlog().ask(block);
        return Progress.WAITING;
    }

    /** Adds those of the entries whose message stands at this position. */
    static Progress addStandingAt(
            Directory directory,
            boolean logged,
            int priority,
            long position,
            List<Target> targets,
            List<Target> alive) {
        for (Target target : targets) {
            MessageQueue queue = directory.queue(target.queue());
            EntryBlock block = queue == null ? null : queue.backlog().blockOf(logged, priority, target.entry());
            if (block == null) {
                continue;
            }
            if (!block.isResident() && (targets.size() == 1 || block.isUnreadable())) {
                return ask(queue, block);
            }
            if (queue.backlog().isAt(logged, priority, target.entry(), position)) {
                alive.add(target);
            } else if (block.isUnreadable()) {
                return Progress.STUCK;
            }
        }
        return Progress.DONE;
    }

    /** Whether the page at this position is needed as it is; one whose block is in memory is written anew, or given up. */
    static boolean needsPage(Directory directory, boolean logged, long position, LogRecord.Page page) {
        MessageQueue queue = directory.queue(page.queue());
        EntryBlock block = queue == null ? null : queue.backlog().blockOf(logged, page.priority(), page.first());
        if (block == null || block.page() == null || block.page().position() != position) {
            return false;
        }
        if (block.isResident() && (block.isHeld() || !block.store())) {
            block.forgetPage();
        }
        return !block.isResident();
    }
}
