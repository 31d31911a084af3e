package io.posthorn.broker.simulation;

import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import java.util.List;
import java.util.function.LongFunction;

/** Works in branches, one after the other, and is their coordinator: ends them in two phases, or in one. */
final class XaSession extends ClientSession {

    private static final int TMSUCCESS = 0x04000000;

    private Branch branch;

    XaSession(Client client) {
        super(client, 3);
    }

    /** A branch, and how far its coordinator has come. */
    private final class Branch {
        final BranchId id;
        final Ledger.Unit unit;
        boolean ended;

        /** The word after which the server keeps it, or has committed it in one phase. */
        Command lastWord;

        boolean isOnePhase;
        boolean prepared;
        boolean decided;

        Branch() {
            long number = client.nextSent();
            byte[] qualifier = {(byte) (number >> 16), (byte) (number >> 8), (byte) number};
            id = new BranchId(1, new byte[] {(byte) client.index}, qualifier);
            unit = world.ledger.new Unit(id.toString());
            world.branches.put(id, unit);
        }

        /** Whether its end was refused for now, so that nothing has changed. */
        boolean isStillThere() {
            if (lastWord.failure != ErrorCode.BLOCKED) {
                return false;
            }
            world.ledger.blocked++;
            unit.state(Ledger.State.OPEN);
            lastWord = null;
            isOnePhase = false;
            return true;
        }
    }

    @Override
    Ledger.Unit unit() {
        return branch != null && !branch.ended ? branch.unit : null;
    }

    @Override
    boolean isTransacted() {
        return true;
    }

    @Override
    Command.Kind kindOf(boolean isVolatile) {
        return Command.Kind.BRANCH;
    }

    @Override
    void onWork(Ledger.Unit unit, Command command) {
        // the branch keeps nothing to send again
    }

    @Override
    void advanceUnit() {
        advance(world.chance(800));
    }

    @Override
    void endUnit() {
        if (branch != null) {
            advance(world.random.nextBoolean());
        }
    }

    private void advance(boolean well) {
        if (branch == null) {
            Branch next = new Branch();
            branch = next;
            client.issue(ofBranch(command -> new ClientFrame.XaStart(command, number, next.id, 0)));
        } else if (!branch.ended) {
            branch.ended = true;
            BranchId id = branch.id;
            client.issue(ofBranch(command -> new ClientFrame.XaEnd(command, number, id, TMSUCCESS)));
        } else if (branch.lastWord == null) {
            if (world.chance(250)) {
                commitInOnePhase();
            } else {
                prepare();
            }
        } else if (branch.prepared && !branch.decided) {
            decide(well);
        }
    }

    private static Command ofBranch(LongFunction<ClientFrame> frame) {
        return new Command(Command.Kind.BRANCH, frame);
    }

    private void commitInOnePhase() {
        Branch mine = branch;
        mine.isOnePhase = true;
        mine.lastWord = ofBranch(command -> new ClientFrame.XaCommit(command, mine.id, true))
                .letsIn(mine.unit);
        mine.unit.state(Ledger.State.COMMITTING);
        mine.lastWord.then(() -> {
            if (mine.isStillThere()) {
                return;
            }
            mine.unit.state(mine.lastWord.failure == null ? Ledger.State.COMMITTED : Ledger.State.ROLLED_BACK);
            branch = null;
        });
        client.issue(mine.lastWord);
    }

    private void prepare() {
        Branch mine = branch;
        mine.lastWord =
                ofBranch(command -> new ClientFrame.XaPrepare(command, mine.id)).letsIn(mine.unit);
        mine.lastWord.then(() -> {
            if (mine.isStillThere()) {
                return;
            }
            if (mine.lastWord.failure != null || mine.unit.isEmpty()) {
                mine.unit.state(Ledger.State.ROLLED_BACK);
                branch = null;
            } else {
                mine.prepared = true;
            }
        });
        client.issue(mine.lastWord);
    }

    private void decide(boolean commits) {
        Branch mine = branch;
        mine.decided = true;
        if (!world.ledger.isDecided(mine.id)) {
            mine.unit.state(commits ? Ledger.State.COMMITTING : Ledger.State.ROLLED_BACK);
        }
        Command command = new Command(
                Command.Kind.OTHER,
                numbered -> commits
                        ? new ClientFrame.XaCommit(numbered, mine.id, false)
                        : new ClientFrame.XaRollback(numbered, mine.id));
        command.then(() -> {
            boolean repeatedRollback = !commits && command.failure == ErrorCode.XA_UNKNOWN;
            boolean byHand = world.ledger.isDecided(mine.id);
            world.ledger.check(
                    command.failure == null || repeatedRollback || byHand,
                    "the end of " + mine.unit + ": " + command.failure,
                    null);
            if (commits && !byHand) {
                mine.unit.state(Ledger.State.COMMITTED);
            }
            branch = null;
        });
        client.issue(command);
    }

    /** Another run knows only branches that were prepared durably, and has done no more than it says. */
    @Override
    void onAnotherRun(long lastCommand, List<Command> done, List<Command> again) {
        super.onAnotherRun(lastCommand, done, again);
        again.removeIf(command -> command.kind == Command.Kind.BRANCH);
        boolean byHand = branch != null && world.ledger.isDecided(branch.id);
        if (branch != null && !branch.prepared && !done.contains(branch.lastWord) && !byHand) {
            branch.unit.state(Ledger.State.ROLLED_BACK);
            branch = null;
        }
    }

    /** Nobody asks for it any more but whoever recovers. */
    @Override
    void onUnitLost() {
        if (branch == null) {
            return;
        }
        if (branch.unit.state == Ledger.State.OPEN) {
            branch.unit.state(Ledger.State.ROLLED_BACK);
        }
        if (branch.isOnePhase) {
            branch.unit.state(Ledger.State.DOUBT);
        } else {
            world.orphans.put(branch.id, branch.unit);
        }
    }
}
