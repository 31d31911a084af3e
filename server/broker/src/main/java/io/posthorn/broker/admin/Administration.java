package io.posthorn.broker.admin;

import io.posthorn.broker.connection.Core;
import io.posthorn.broker.connection.Registry;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.SpaceAccount;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.selector.InvalidSelectorSyntaxException;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * The operator's side of the broker. {@link #inventory} asks, {@link #changes} orders; what needs several turns is begun here
 * and answers by a callback. Whoever asks must not be told before the log is durable as far as the answer says: {@link
 * #whenDurable}.
 */
public final class Administration {

    /** The most messages that are shown at once. */
    public static final int SHOWN_MAX = 1000;

    private final Core core;
    private final Inventory inventory;
    private final Changes changes;
    private final List<Job> jobs = new ArrayList<>();
    private final PriorityQueue<Promise> promises = new PriorityQueue<>(Comparator.comparingLong(Promise::position));

    public Administration(Core core, Registry registry, Residency residency, SpaceAccount scratch) {
        this.core = core;
        this.inventory = new Inventory(core.state(), registry, residency, scratch);
        this.changes = new Changes(core.state(), core.recorder(), core.branches(), registry);
    }

    /** Something that takes several turns. */
    interface Job {

        /** Goes on, at the end of a turn. True when it is over. */
        boolean work();

        /** Whether {@link #work} has something to do now, rather than to wait for. */
        boolean isReady();
    }

    private record Promise(long position, Runnable keep) {}

    public Inventory inventory() {
        return inventory;
    }

    public Changes changes() {
        return changes;
    }

    /**
     * Looks at messages of a queue that are ready, in the order in which they would be delivered.
     *
     * @param selector which ones, or null
     * @param limit how many at most
     */
    public void search(Address address, String selector, int limit, Consumer<Done<List<MessageLine>>> reply)
            throws Refusal {
        if (limit < 1 || limit > SHOWN_MAX) {
            throw new Refusal(ErrorCode.PROTOCOL, "a limit is between 1 and " + SHOWN_MAX + ", not " + limit);
        }
        jobs.add(new Search(queue(address), parse(selector), limit, reply));
    }

    /**
     * Sends dead letters on: to where each came from, or to one queue.
     *
     * @param selector which ones, or null for all
     * @param limit how many at most
     * @param to a queue; null for the origin
     */
    public void resend(Address from, String selector, long limit, Address to, Consumer<Done<Resent>> reply)
            throws Refusal {
        if (limit < 1) {
            throw new Refusal(ErrorCode.PROTOCOL, "a limit is positive, not " + limit);
        }
        if (from.equals(to)) {
            throw new Refusal(ErrorCode.INVALID_DESTINATION, "messages of " + from + " cannot be sent to itself");
        }
        MessageQueue queue = queue(from);
        Forwarding forwarding = new Forwarding(core.state(), core.recorder(), to);
        jobs.add(new Resending(queue, parse(selector), core.recorder(), forwarding, limit, reply));
    }

    /** Calls back once the log has passed this position. */
    public void whenDurable(long position, Runnable keep) {
        if (core.progress().hasPassed(position, true)) {
            keep.run();
        } else {
            promises.add(new Promise(position, keep));
        }
    }

    /** The log got further. */
    public void onProgress() {
        while (!promises.isEmpty() && core.progress().hasPassed(promises.peek().position(), true)) {
            promises.poll().keep().run();
        }
    }

    /** Goes on with what takes several turns. At the end of a turn. */
    public void work() {
        if (!jobs.isEmpty()) {
            jobs.removeIf(Job::work);
        }
    }

    /** Whether something is under way that goes on by itself, and waits for nothing. */
    public boolean isBusy() {
        for (int index = 0; index < jobs.size(); index++) {
            if (jobs.get(index).isReady()) {
                return true;
            }
        }
        return false;
    }

    private MessageQueue queue(Address address) throws Refusal {
        Destination destination = core.state().directory().find(address);
        if (destination == null || destination.queue() == null || destination.owner() != null) {
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION,
                    destination == null ? "there is no " + address : address + " cannot be looked at; only queues can");
        }
        return destination.queue();
    }

    private static Selector parse(String text) throws Refusal {
        try {
            return text == null || text.isBlank() ? null : Selector.parse(text);
        } catch (InvalidSelectorSyntaxException invalid) {
            throw new Refusal(ErrorCode.INVALID_SELECTOR, invalid.getMessage());
        }
    }
}
