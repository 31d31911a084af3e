package io.posthorn.broker;

import io.posthorn.broker.body.Bodies;
import io.posthorn.broker.body.Body;
import io.posthorn.broker.body.BodyHold;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.store.Directory;
import io.posthorn.wire.frame.EntryRanges;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Long bodies of a log that is salvaged: a message without all of its body is lost. */
final class BodyAudit {

    private BodyAudit() {}

    /** Takes out the messages whose bodies are not whole, and lets go of the bodies of messages that are not there. */
    static void clean(Directory directory, Consumer<String> lost) {
        for (MessageQueue queue : List.copyOf(directory.queues())) {
            for (Map.Entry<Long, BodyHold> need :
                    List.copyOf(queue.longBodies().holds().entrySet())) {
                EntryRanges entry = EntryRanges.of(need.getKey());
                if (!queue.isInLog(need.getKey())) {
                    queue.longBodies().release(entry);
                } else if (!isWhole(directory, need.getValue().body())) {
                    lost.accept("Message " + need.getKey() + " of " + queue + ": not all of its body is there");
                    queue.settle(entry);
                }
            }
        }
    }

    private static boolean isWhole(Directory directory, Body body) {
        MessageQueue pieces = directory.queue(Bodies.QUEUE);
        boolean whole = pieces != null;
        for (long index = 0; whole && index < body.pieceCount(); index++) {
            whole = pieces.isInLog(body.piece(index));
        }
        return whole;
    }

    /** Entries that were restored from another reading of the log need the bodies that they needed there. */
    static void adopt(MessageQueue queue, MessageQueue known, long first, long last) {
        known.longBodies().holds().forEach((entry, hold) -> {
            if (entry >= first && entry <= last && queue.longBodies().of(entry) == null) {
                queue.longBodies().adopt(entry, hold);
            }
        });
    }
}
