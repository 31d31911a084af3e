package io.posthorn.admin.api;

import io.posthorn.admin.model.DiskItem.Holder;
import io.posthorn.broker.admin.Inventory;
import io.posthorn.broker.admin.Messages;
import io.posthorn.gateway.agent.AdminLink;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Finds the queues and durable subscriptions that hold most. Asks for all, some in each turn of the broker. */
final class Largest {

    private static final int SHOWN = 10;
    private static final Comparator<Holder> BY_BYTES = Comparator.comparingLong(Holder::bytes);

    private final AdminLink link;
    private final PriorityQueue<Holder> largest = new PriorityQueue<>(BY_BYTES);

    Largest(AdminLink link) {
        this.link = link;
    }

    List<Holder> find() throws Problem {
        forEachPart(
                Answers.await(link.ask(admin -> admin.inventory().names(false))),
                part -> Answers.await(link.ask(admin -> admin.inventory().describe(part)))
                        .forEach(line -> add("queue '" + line.name() + "'", line.messages())));
        forEachPart(
                Answers.await(link.ask(admin -> admin.inventory().subscriptions())),
                part -> Answers.await(link.ask(admin -> admin.inventory().describeSubscriptions(part)))
                        .forEach(line -> add(line.id().toString(), line.messages())));
        return largest.stream().sorted(BY_BYTES.reversed()).toList();
    }

    private interface Part<T> {
        void describe(List<T> part) throws Problem;
    }

    private static <T> void forEachPart(List<T> all, Part<T> action) throws Problem {
        for (int from = 0; from < all.size(); from += Inventory.DESCRIBED_MAX) {
            action.describe(all.subList(from, Math.min(all.size(), from + Inventory.DESCRIBED_MAX)));
        }
    }

    private void add(String what, Messages messages) {
        if (messages.bytes() > 0) {
            largest.add(new Holder(what, messages.depth(), messages.bytes()));
            if (largest.size() > SHOWN) {
                largest.poll();
            }
        }
    }
}
