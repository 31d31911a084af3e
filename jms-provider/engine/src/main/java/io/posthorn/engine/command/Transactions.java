package io.posthorn.engine.command;

import io.posthorn.engine.EngineException;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The open transactions of a connection: a server that stops forgets what they were made of, so the client keeps it until
 * the end of each is confirmed. A session's commands belong to the branch it is associated with, otherwise to its local
 * transaction. A prepared branch is durable at the server and forgotten here.
 */
final class Transactions {

    /**
     * How many branches are remembered that no session works in. Of one that another connection ended the server tells, but once
     * only; a branch that is pushed out is unknown to a server that was started again, and so is rolled back.
     */
    static final int IDLE_BRANCHES_MAX = 1024;

    /** How many bytes of messages they may hold, the newest branch apart. Older ones are pushed out first. */
    static final long IDLE_BYTES_MAX = 8L << 20;

    private final Map<Long, Transaction> local = new HashMap<>();
    private final Set<Transaction> ending = new LinkedHashSet<>();
    private final Map<BranchId, Transaction> branches = new LinkedHashMap<>();
    private final Map<Long, BranchId> associations = new HashMap<>();

    void onAppend(Command command) {
        ClientFrame frame = command.template();
        if (frame instanceof ClientFrame.Send send && send.transacted()) {
            current(send.session()).add(command);
        } else if (frame instanceof ClientFrame.Acknowledge acknowledge && acknowledge.transacted()) {
            current(command.consumers().get(0).session()).add(command);
        } else if (frame instanceof ClientFrame.Commit commit) {
            endLocal(commit.session(), command);
        } else if (frame instanceof ClientFrame.Rollback rollback) {
            endLocal(rollback.session(), command);
        } else if (frame instanceof ClientFrame.CloseSession close) {
            associations.remove(close.session());
            endLocal(close.session(), command);
        } else {
            onAppendBranch(command, frame);
        }
    }

    private void onAppendBranch(Command command, ClientFrame frame) {
        if (frame instanceof ClientFrame.XaStart start) {
            branches.computeIfAbsent(start.branch(), id -> new Transaction()).add(command);
            associations.put(start.session(), start.branch());
        } else if (frame instanceof ClientFrame.XaEnd end) {
            Transaction transaction = branches.get(end.branch());
            if (transaction != null) {
                transaction.add(command);
            }
            associations.remove(end.session(), end.branch());
        } else {
            BranchId branch = ended(frame);
            Transaction transaction = branch == null ? null : branches.get(branch);
            if (transaction != null) {
                transaction.endsWith(command);
            }
        }
    }

    private Transaction current(long session) {
        BranchId branch = associations.get(session);
        Transaction transaction = branch == null ? null : branches.get(branch);
        return transaction != null ? transaction : local.computeIfAbsent(session, id -> new Transaction());
    }

    private void endLocal(long session, Command end) {
        Transaction transaction = local.remove(session);
        if (transaction != null) {
            transaction.endsWith(end);
            ending.add(transaction);
        }
    }

    /** The branch that a command ends, if it succeeds, as far as the server could forget it. */
    private static BranchId ended(ClientFrame frame) {
        if (frame instanceof ClientFrame.XaPrepare prepare) {
            return prepare.branch();
        } else if (frame instanceof ClientFrame.XaCommit commit) {
            return commit.branch();
        } else if (frame instanceof ClientFrame.XaRollback rollback) {
            return rollback.branch();
        }
        return null;
    }

    /** Called before the command's outcome is told. */
    void onConfirmed(Command command) {
        EngineException failure = command.failure();
        if (failure != null && command.transaction != null) {
            if (command.template() instanceof ClientFrame.XaEnd end && isFinal(failure)) {
                branches.remove(end.branch(), command.transaction); // it ended together with the branch
            }
            onRefused(command);
        }
        Transaction over = command.ends;
        if (over != null) {
            if (failure == null || isFinal(failure)) {
                forget(over, ended(command.template()));
            } else {
                reopen(over, command);
            }
        }
        if (command.template() instanceof ClientFrame.XaEnd end) {
            forgetIfOver(end.branch(), command.transaction, command);
            forgetIdle();
        }
    }

    /** Another connection has prepared or ended a branch. What a session still does in it is refused, and forgotten then. */
    void branchOver(BranchId branch) {
        Transaction transaction = branches.get(branch);
        if (transaction != null) {
            transaction.endedElsewhere();
            forgetIfOver(branch, transaction, null);
        }
    }

    private void forgetIfOver(BranchId branch, Transaction transaction, Command last) {
        if (transaction != null && transaction.isForgettable(last) && !associations.containsValue(branch)) {
            branches.remove(branch, transaction);
        }
    }

    private void onRefused(Command command) {
        Transaction transaction = command.transaction;
        transaction.remove(command);
        if (command.template() instanceof ClientFrame.Send || command.template() instanceof ClientFrame.Acknowledge) {
            transaction.breakWith(command.failure());
        } else if (command.template() instanceof ClientFrame.XaStart start) {
            associations.remove(start.session(), start.branch());
            if (transaction.isEmpty()) {
                branches.remove(start.branch(), transaction);
            }
        }
    }

    /** Whether a transaction is over although the command that should have ended it failed. */
    static boolean isFinal(EngineException failure) {
        return switch (failure.code()) {
            case ROLLED_BACK, XA_ROLLED_BACK, XA_TIMED_OUT, XA_UNKNOWN, XA_HEURISTIC_COMMIT, XA_HEURISTIC_ROLLBACK ->
                true;
            default -> false;
        };
    }

    private void forget(Transaction over, BranchId branch) {
        ending.remove(over);
        if (branch != null) {
            branches.remove(branch, over);
        }
    }

    private void reopen(Transaction transaction, Command end) {
        transaction.goesOnAfter(end);
        if (!ending.remove(transaction)) {
            return; // a branch: it is still in its place
        }
        long session;
        if (end.template() instanceof ClientFrame.Commit commit) {
            session = commit.session();
        } else if (end.template() instanceof ClientFrame.Rollback rollback) {
            session = rollback.session();
        } else {
            return;
        }
        local.computeIfAbsent(session, id -> new Transaction()).addFirst(transaction);
    }

    private void forgetIdle() {
        long bytes = 0;
        for (Transaction transaction : branches.values()) {
            bytes += transaction.bytes();
        }
        Iterator<Map.Entry<BranchId, Transaction>> oldest = branches.entrySet().iterator();
        while ((branches.size() > IDLE_BRANCHES_MAX || bytes > IDLE_BYTES_MAX) && oldest.hasNext()) {
            Map.Entry<BranchId, Transaction> branch = oldest.next();
            boolean isNewest = !oldest.hasNext();
            if (!isNewest && !associations.containsValue(branch.getKey())) {
                bytes -= branch.getValue().bytes();
                oldest.remove();
            }
        }
    }

    /**
     * What a server that was started again must be told: the content of all transactions that are not over for it, when
     * it has done all commands up to {@code lastCommand}. Those that are over are forgotten.
     */
    List<Command> open(long lastCommand) {
        List<Command> content = new ArrayList<>();
        collect(local.values(), lastCommand, content);
        collect(ending, lastCommand, content);
        collect(branches.values(), lastCommand, content);
        return content;
    }

    private static void collect(Collection<Transaction> transactions, long lastCommand, List<Command> content) {
        transactions.removeIf(transaction -> transaction.isOver(lastCommand));
        transactions.forEach(transaction -> content.addAll(transaction.commands()));
    }

    boolean isEmpty() {
        return ending.isEmpty() && local.values().stream().allMatch(Transaction::isEmpty) && branches.isEmpty();
    }
}
