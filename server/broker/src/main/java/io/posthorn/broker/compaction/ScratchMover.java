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
    public boolean prepare(long segment, int looks) {
        if (!looking) {
            looking = true;
            scratch.leave(segment);
            unseen.addAll(directory.queues());
        }
        for (int look = 0; look < looks; look++) {
            MessageQueue queue = unseen.peek();
            if (queue == null) {
                return true;
            }
            if (!lookFurther(queue, segment)) {
                return false;
            }
        }
        return false;
    }

    /** Looks at one block more of a queue, or goes on to the next queue. False when a page must come first. */
    private boolean lookFurther(MessageQueue queue, long segment) {
        List<Lane> lanes = queue.backlog().lanes(false);
        if (lane >= lanes.size() || directory.queue(queue.number()) != queue) {
            unseen.poll();
            lane = 0;
            return true;
        }
        // blocks may be joined between two looks, and entries never come before those that are there
        EntryBlock block = lanes.get(lane).blocks().from(nextEntry);
        if (block == null || block.lastId() < nextEntry) {
            lane++;
            nextEntry = 0;
            return true;
        }
        if (block.live() > 0 && mayNeed(block, segment)) {
            if (!block.isResident()) {
                queue.backlog().ask(block);
                return false;
            }
            note(queue, block, segment);
        }
        nextEntry = block.lastId() + 1;
        return true;
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
    public boolean move(Journal.Found found) {
        LogRecord record = RecordCodec.decode(found.bytes());
        if (record instanceof LogRecord.Published published) {
            return moveMessage(found.position(), published);
        }
        if (record instanceof LogRecord.Page page && Mover.needsPage(directory, false, found.position(), page)) {
            StoredPage stored = new StoredPage(page.first(), page.last(), page.entries(), scratch.append(page));
            directory.queue(page.queue()).backlog().stored(page.priority(), false, stored);
        }
        return true;
    }

    private boolean moveMessage(long position, LogRecord.Published message) {
        List<Target> targets = needed.get(position);
        if (targets == null) {
            return true;
        }
        int priority = Envelope.of(message.envelope()).priority();
        List<Target> alive = Mover.standingAt(directory, false, priority, position, targets);
        if (alive == null) {
            return false;
        }
        if (!alive.isEmpty()) {
            long to = scratch.append(message);
            for (Target target : alive) {
                directory.queue(target.queue()).backlog().moved(false, priority, target.entry(), position, to);
            }
        }
        return true;
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
