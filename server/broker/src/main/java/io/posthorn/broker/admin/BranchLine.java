package io.posthorn.broker.admin;

import io.posthorn.broker.body.LongBodies;
import io.posthorn.broker.store.PreparedBranch;
import io.posthorn.wire.frame.BranchId;

/**
 * A prepared branch, or one that an operator has decided.
 *
 * @param id format, global transaction and branch, as hexadecimal text
 * @param state what is to be told to its coordinator
 * @param preparedAtMs when it was prepared, or when this run of the server began if that was before; 0 once decided
 * @param sends how many messages it would send
 * @param bytes how many bytes these have
 * @param acknowledges how many messages it would take out
 */
public record BranchLine(String id, State state, long preparedAtMs, int sends, long bytes, long acknowledges) {

    /** How a branch stands. */
    public enum State {
        PREPARED,
        COMMITTED_BY_HAND,
        ROLLED_BACK_BY_HAND
    }

    static BranchLine of(PreparedBranch branch) {
        long bytes = 0;
        for (PreparedBranch.Send send : branch.sends()) {
            bytes += LongBodies.bytesOf(send.envelope());
        }
        long acknowledges = 0;
        for (PreparedBranch.Settle settle : branch.settles()) {
            acknowledges += settle.entries().count();
        }
        return new BranchLine(
                branch.id().toString(),
                State.PREPARED,
                branch.preparedAtMs(),
                branch.sends().size(),
                bytes,
                acknowledges);
    }

    static BranchLine resolved(BranchId id, boolean committed) {
        return new BranchLine(
                id.toString(), committed ? State.COMMITTED_BY_HAND : State.ROLLED_BACK_BY_HAND, 0, 0, 0, 0);
    }
}
