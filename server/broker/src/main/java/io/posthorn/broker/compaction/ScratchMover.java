package io.posthorn.broker.compaction;

import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Lane;
import io.posthorn.broker.queue.Backlog.StoredPage;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.LogRecord.Target;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.broker.store.Directory;
import io.posthorn.broker.store.Scratch;
import io.posthorn.broker.store.SpaceAccount;
import io.posthorn.journal.Journal;
import io.posthorn.wire.message.Envelope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The scratch log. Its messages do not say who needs them, as several queues may come to share one later. So the entries
 * are looked through first, block by block, those blocks only that may have something in the segment; what is found takes
 * some 100 bytes for each message that is needed of it.
 */
public final class ScratchMover implements Mover {

    private final Scratch scratch;
    private final Directory directory;

    /** Queues that were not looked through yet. */
    private final ArrayDeque<MessageQueue> unseen = new ArrayDeque<>();

    /** Who needs what stands at a position. */
    private final Map<Long, List<Target>> needed = new HashMap<>();

    private boolean looking;
    private int lane;
    private long nextEntry;

    public ScratchMover(Scratch scratch, Directory directory) {
        this.scratch = scratch;
        this.directory = directory;
    }

    @Override
    public String name() {
        return "the scratch log";
    }

    @Override
    public Journal journal() {
        return scratch.journal();
    }

    @Override
    public SpaceAccount space() {
        return scratch.space();
    }

    @Override
    public long appendedBytes() {
        return scratch.appendedBytes();
    }

    @Override
    public Progress prepare(long segment, int looks) {
        if (!looking) {
            looking = true;
            scratch.leave(segment);
            unseen.addAll(directory.queues());
        }
        for (int look = 0; look < looks; look++) {
            MessageQueue queue = unseen.peek();
            if (queue == null) {
                return Progress.DONE;
            }
            Progress progress = lookFurther(queue, segment);
            if (progress != Progress.DONE) {
                return progress;
            }
        }
        return Progress.WAITING;
    }

    /** Looks at one block more of a queue, or goes on to the next queue. */
    private Progress lookFurther(MessageQueue queue, long segment) {
        List<Lane> lanes = queue.backlog().lanes(false);
        if (lane >= lanes.size() || directory.queue(queue.number()) != queue) {
            unseen.poll();
            lane = 0;
            nextEntry = 0; // the queue may have been deleted in the midst of a lane
            return Progress.DONE;
        }
        // blocks may be joined between two looks, and entries never come before those that are there
        EntryBlock block = lanes.get(lane).blocks().from(nextEntry);
        if (block == null || block.lastId() < nextEntry) {
            lane++;
            nextEntry = 0;
            return Progress.DONE;
        }
        if (block.live() > 0 && mayNeed(block, segment)) {
            if (!block.isResident()) {
                return Mover.ask(queue, block);
            }
            note(queue, block, segment);
        }
        nextEntry = block.lastId() + 1;
        return Progress.DONE;
    }

    private boolean mayNeed(EntryBlock block, long segment) {
        return block.isResident()
                || journal().segmentOf(block.page().lowest()) <= segment
                        && journal().segmentOf(block.page().highest()) >= segment;
    }

    private void note(MessageQueue queue, EntryBlock block, long segment) {
        for (int index = 0; index < block.size(); index++) {
            long position = block.position(index);
            boolean isThere = block.state(index) != EntryBlock.GONE
                    && block.canReadBack(index)
                    && journal().segmentOf(position) == segment;
            if (isThere && block.id(index) >= nextEntry) {
                needed.computeIfAbsent(position, key -> new ArrayList<>(1))
                        .add(new Target(queue.number(), block.id(index)));
            }
        }
    }

    @Override
    public Progress move(Journal.Found found) {
        LogRecord record = RecordCodec.decode(found.bytes());
        if (record instanceof LogRecord.Published published) {
            return moveMessage(found.position(), published);
        }
        if (record instanceof LogRecord.Page page && Mover.needsPage(directory, false, found.position(), page)) {
            StoredPage stored = new StoredPage(page.first(), page.last(), page.entries(), scratch.append(page));
            directory.queue(page.queue()).backlog().stored(page.priority(), false, stored);
        }
        return Progress.DONE;
    }

    private Progress moveMessage(long position, LogRecord.Published message) {
        List<Target> targets = needed.get(position);
        if (targets == null) {
            return Progress.DONE;
        }
        int priority = Envelope.of(message.envelope()).priority();
        List<Target> alive = new ArrayList<>(targets.size());
        Progress progress = Mover.addStandingAt(directory, false, priority, position, targets, alive);
        if (progress == Progress.DONE && !alive.isEmpty()) {
            long to = scratch.append(message);
            for (Target target : alive) {
                directory.queue(target.queue()).backlog().moved(false, priority, target.entry(), position, to);
            }
        }
        return progress;
    }

    @Override
    public void end() {
        looking = false;
        scratch.leave(Scratch.NONE);
        unseen.clear();
        needed.clear();
        lane = 0;
        nextEntry = 0;
    }
}
