package io.posthorn.broker.simulation;

import io.posthorn.broker.admin.Administration;
import io.posthorn.broker.admin.BranchLine;
import io.posthorn.broker.store.Refusal;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Empties queues, sends dead letters back and decides prepared branches, at any moment. Has chance of its own, so that a seed
 * means the same without it.
 */
final class Operator {

    private final World world;
    private final Random random;
    long purged;
    long resent;

    Operator(World world, long seed) {
        this.world = world;
        this.random = new Random(~seed);
    }

    /** An order that may be refused. */
    private interface Order {
        void give(Administration administration) throws Refusal;
    }

    void actSometimes() {
        if (random.nextInt(60) == 0) {
            switch (random.nextInt(4)) {
                case 0 -> purge();
                case 1, 2 -> resend();
                default -> decide();
            }
        }
    }

    private void order(Order order) {
        world.turn(() -> {
            try {
                order.give(world.broker.administration());
            } catch (Refusal refusal) {
                world.trace("the operator is refused: " + refusal.getMessage());
            }
        });
    }

    private void purge() {
        Address queue = Places.queue(random.nextInt(Places.QUEUES));
        world.trace("the operator purges " + queue);
        world.ledger.onPurge(queue.name());
        order(administration -> purged += administration.changes().purge(queue).result());
    }

    void resend() {
        world.trace("the operator sends dead letters back");
        world.ledger.onResend();
        order(administration -> administration.resend(
                Address.queue(Places.DEAD),
                random.nextBoolean() ? null : "odd = TRUE",
                1 + random.nextInt(5),
                null,
                done -> resent += done.result().moved()));
    }

    private void decide() {
        List<BranchLine> lines = world.broker.administration().inventory().branches();
        for (Map.Entry<BranchId, Ledger.Unit> branch : world.branches.entrySet()) {
            boolean prepared = lines.stream()
                    .anyMatch(line -> line.state() == BranchLine.State.PREPARED
                            && line.id().equals(branch.getKey().toString()));
            if (prepared) {
                boolean commit = random.nextBoolean();
                world.trace("the operator decides " + branch.getValue() + ": " + commit);
                world.ledger.decided.add(branch.getKey());
                order(administration -> administration.changes().resolve(branch.getKey(), commit));
                world.syncAndRead();
                branch.getValue().state(commit ? Ledger.State.COMMITTED : Ledger.State.ROLLED_BACK);
                return;
            }
        }
    }
}
