package io.posthorn.broker.admin;

import io.posthorn.broker.StoreReport;
import io.posthorn.broker.body.LongBodies;
import io.posthorn.broker.connection.Registry;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.PreparedBranch;
import io.posthorn.broker.store.SpaceAccount;
import io.posthorn.broker.store.Subscription;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists of what there is. What there may be very much of comes in two steps, so that no turn is long: names first, from which
 * the caller chooses where it likes, then the facts of some of them.
 */
public final class Inventory {

    /** The most that is described in one turn. */
    public static final int DESCRIBED_MAX = 1000;

    private final DurableState state;
    private final Registry registry;
    private final Residency residency;
    private final SpaceAccount scratch;

    Inventory(DurableState state, Registry registry, Residency residency, SpaceAccount scratch) {
        this.state = state;
        this.registry = registry;
        this.residency = residency;
        this.scratch = scratch;
    }

    /** The names of all queues, or of all topics, temporary ones included. */
    public List<Address> names(boolean topics) {
        List<Address> names = new ArrayList<>(state.directory().destinations().size());
        for (Destination destination : state.directory().destinations()) {
            if (destination.address().kind().isTopic() == topics) {
                names.add(destination.address());
            }
        }
        return names;
    }

    /** The facts of these; what does not exist any more is left out. */
    public List<DestinationLine> describe(List<Address> names) {
        check(names);
        List<DestinationLine> lines = new ArrayList<>(names.size());
        for (Address name : names) {
            Destination destination = state.directory().find(name);
            if (destination != null) {
                lines.add(DestinationLine.of(destination));
            }
        }
        return lines;
    }

    /** The names of all durable subscriptions. */
    public List<SubscriptionId> subscriptions() {
        List<SubscriptionId> names =
                new ArrayList<>(state.directory().durables().size());
        state.directory().durables().forEach(subscription -> names.add(SubscriptionId.of(subscription)));
        return names;
    }

    /** The facts of these; what does not exist any more is left out. */
    public List<SubscriptionLine> describeSubscriptions(List<SubscriptionId> names) {
        check(names);
        List<SubscriptionLine> lines = new ArrayList<>(names.size());
        for (SubscriptionId name : names) {
            Subscription subscription = state.directory().durable(name.key());
            if (subscription != null) {
                lines.add(SubscriptionLine.of(subscription));
            }
        }
        return lines;
    }

    /** Prepared branches in the order in which they were prepared, then those that an operator decided. */
    public List<BranchLine> branches() {
        List<BranchLine> lines = new ArrayList<>();
        for (BranchId id : state.preparedBranches()) {
            PreparedBranch branch = state.branch(id);
            if (branch != null) {
                lines.add(BranchLine.of(branch));
            }
        }
        state.resolved().forEach((id, committed) -> lines.add(BranchLine.resolved(id, committed)));
        return lines;
    }

    /** Connections of clients, those that lost their socket and may come back included. */
    public List<Registry.ConnectionLine> connections() {
        return registry.lines();
    }

    public DiskLine disk() {
        long prepared = 0;
        for (PreparedBranch.Send send : state.preparedSends()) {
            prepared += LongBodies.bytesOf(send.envelope());
        }
        return new DiskLine(
                StoreReport.LogLine.of(state.space()),
                StoreReport.LogLine.of(scratch),
                state.space().rubble().count() + scratch.rubble().count(),
                prepared,
                residency.bytes());
    }

    private static void check(List<?> names) {
        if (names.size() > DESCRIBED_MAX) {
            throw new IllegalArgumentException(names.size() + " at once; at most " + DESCRIBED_MAX + " are described");
        }
    }
}
