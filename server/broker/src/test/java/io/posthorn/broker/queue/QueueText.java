package io.posthorn.broker.queue;

import io.posthorn.broker.lane.EntryBlock;
import java.util.ArrayList;
import java.util.List;

/** All that a queue holds that is in the log, as text, in whatever blocks it is. */
public final class QueueText {

    private QueueText() {}

    public static List<String> of(MessageQueue queue) {
        List<String> lines = new ArrayList<>();
        lines.add(queue + ", last number " + queue.lastNumber() + ", mark " + queue.deliveryMark() + ", suspect below "
                + queue.entries().suspectBelow() + ", " + queue.entries().live() + " entries, "
                + queue.entries().ready() + " ready");
        for (int priority = 0; priority < MessageQueue.LANES; priority++) {
            if (queue.entries().lane(priority, true) != null) {
                for (EntryBlock block =
                                queue.entries().lane(priority, true).blocks().head();
                        block != null;
                        block = block.next()) {
                    add(lines, queue, block, priority);
                }
            }
        }
        return lines;
    }

    private static void add(List<String> lines, MessageQueue queue, EntryBlock block, int priority) {
        if (block.live() == 0) {
            return;
        }
        if (!block.lane().fetch(block)) {
            throw new AssertionError("a page of " + queue + " cannot be read");
        }
        for (int index = 0; index < block.size(); index++) {
            if (block.state(index) != EntryBlock.GONE) {
                lines.add(block.id(index) + " of priority " + priority + " at " + block.position(index) + ", length "
                        + block.length(index) + ", state " + block.state(index) + ", attempts "
                        + block.attempts(index) + (queue.entries().isSuspect(block, index) ? ", suspect" : "")
                        + ", expires " + block.expiration(index)
                        + (block.state(index) == EntryBlock.DELAYED ? ", due " + block.due(index) : ""));
            }
        }
    }
}
