package io.posthorn.broker;

import io.posthorn.broker.queue.MessageQueue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** Which queue has something to do by itself, and when; so that the others cost nothing, however many there are. */
final class Agenda {

    private final TreeSet<Item> items = new TreeSet<>(Comparator.comparingLong(Item::timeMs)
            .thenComparingLong(item -> item.queue().number()));
    private final Map<MessageQueue, Item> itemsByQueue = new HashMap<>();

    private record Item(long timeMs, MessageQueue queue) {}

    /** Sets the time of a queue; {@link Long#MAX_VALUE} for never. */
    void set(MessageQueue queue, long timeMs) {
        Item before = itemsByQueue.remove(queue);
        if (before != null) {
            items.remove(before);
        }
        if (timeMs != Long.MAX_VALUE) {
            Item item = new Item(timeMs, queue);
            items.add(item);
            itemsByQueue.put(queue, item);
        }
    }

    /** Lets queues do what is due; each says anew when it wants to be called next. */
    void advance(long nowMs) {
        while (nextDeadlineMs() <= nowMs) {
            Item item = items.pollFirst();
            itemsByQueue.remove(item.queue());
            item.queue().advance(nowMs);
        }
    }

    long nextDeadlineMs() {
        return items.isEmpty() ? Long.MAX_VALUE : items.first().timeMs();
    }
}
