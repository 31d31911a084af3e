package io.posthorn.engine.command;

import io.posthorn.engine.EngineException;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The commands of one connection, in order. It alone gives numbers, which only grow. A command stays in the log until the
 * server has confirmed it, and then its outcome is told; outcomes are told in the order of the commands, also across
 * breaks.
 *
 * <p>After a break, {@link #resume} says what must be sent again. A log may be resumed any number of times, also before
 * anything of the last resumption was confirmed: each command is judged by the number it has now.
 *
 * <p>Belongs to whoever has the turn. Outcomes must not call back into the log.
 */
public final class CommandLog {

    /** So many messages under way are a stream. */
    private static final int STREAM_LEAST = 64;

    /** Into so many parts it goes: while the server has some of them, the next ones are made. */
    private static final int STREAM_SHARES = 8;

    /** So many bytes are worth a write in any case. */
    private static final int SHARE_BYTES = 32 << 10;

    private final ArrayDeque<Command> unconfirmed = new ArrayDeque<>();
    private final Transactions transactions = new Transactions();
    private final Registry registry = new Registry();
    private final Numbering numbering = new Numbering();
    private final Consumer<Command> onSettled;
    private final Runnable onAllSettled;
    private final Keeper keeper;
    private long lastNumber;
    private long lastConfirmed;
    private long lastGeneration;
    private long nextClaimer = ConsumerRef.CLAIMERS_FIRST;

    /** How many of the unconfirmed are messages, or such that somebody waits for. */
    private int underWay;

    /** What others see of that. */
    private volatile boolean hasUnderWay;

    /**
     * {@code onSettled} hears of each command once, before its outcome is told, or before {@code keeper} gets it; {@code onAllSettled} follows when
     * all that were confirmed together are settled.
     */
    public CommandLog(Consumer<Command> onSettled, Runnable onAllSettled, Keeper keeper) {
        this.onSettled = onSettled;
        this.onAllSettled = onAllSettled;
        this.keeper = keeper;
    }

    /** Who takes what the server refused for now. It is no part of the log then, and its outcome is the keeper's to tell. */
    public interface Keeper {

        /** The command had no effect, and is worth another try some time. */
        void blocked(Command command, EngineException reason);

        /** Whether the command, which is about to be sent again after a break, has to come behind such a one, and is taken. */
        boolean keeps(Command command);
    }

    /** Numbers a command. From here on it is kept until it is confirmed. */
    public void append(Command command) {
        command.number(++lastNumber);
        if (command.generation() != null) {
            command.generation().open(++lastGeneration);
        }
        registry.onAppend(command);
        transactions.onAppend(command);
        unconfirmed.addLast(command);
        count(command, 1);
    }

    /**
     * How many more are worth a write of their own: an eighth of a stream that is under way, whose last message the server confirms
     * at once, and with it all before. 0 when there is no such stream, and anything is worth one.
     */
    public int share() {
        if (underWay < STREAM_LEAST
                || !(unconfirmed.getLast().template() instanceof ClientFrame.Send last)
                || !last.awaited()) {
            return 0;
        }
        int share = Math.min(
                underWay / STREAM_SHARES,
                SHARE_BYTES / (1 + unconfirmed.getLast().messageLength()));
        return share > 1 ? share : 0;
    }

    private void count(Command command, int change) {
        if (command.counts()) {
            underWay += change;
        }
        boolean now = underWay != 0;
        if (hasUnderWay != now) {
            hasUnderWay = now;
        }
    }

    /** Whether more is unconfirmed than acknowledgements that nobody waits for. On any thread. */
    public boolean hasUnderWay() {
        return hasUnderWay;
    }

    /** The frame to send for a command of this log; {@code alias} is that of its address on the link of the moment. */
    public ClientFrame frame(Command command, long alias) {
        if (command.ends != null && command.ends.broken() != null) {
            command.rollBackInstead(command.ends.broken());
        }
        command.sent = true;
        return numbering.frame(command, alias);
    }

    /**
     * The command cannot be put into a frame: it has no effect and is settled in its turn. None behind it has been sent yet, and they move
     * up, as the server counts.
     */
    public void refuse(Command command, EngineException cause) {
        Iterator<Command> behind = unconfirmed.descendingIterator();
        for (Command later = behind.next(); later != command; later = behind.next()) {
            later.number(later.number() - 1);
        }
        command.number(command.number() - 1);
        lastNumber--;
        command.ghost = true;
        command.fail(cause);
        if (command.transaction != null) {
            command.transaction.breakWith(cause);
        }
        settleGhosts();
    }

    /** The server has done everything up to {@code number}. */
    public void confirm(long number) {
        if (number > lastNumber) {
            throw new IllegalArgumentException(
                    "the server confirmed command " + number + ", and the last one has number " + lastNumber);
        }
        lastConfirmed = Math.max(lastConfirmed, number);
        Command first = unconfirmed.peekFirst();
        while (first != null && (first.number() <= number || first.ghost)) {
            unconfirmed.removeFirst();
            settle(first);
            first = unconfirmed.peekFirst();
        }
        onAllSettled.run();
    }

    /** The command has no effect; that is told when it is confirmed. */
    public void fail(long number, ErrorCode code, String text) {
        Command command = find(number);
        if (command != null) {
            command.fail(new EngineException(code, text));
        }
    }

    /** The command returned this; that is told when it is confirmed. */
    public void result(long number, long value) {
        Command command = find(number);
        if (command != null) {
            command.result(value);
        }
    }

    /** A branch is prepared or over by the word of another connection: what was done in it is not needed any more. */
    public void branchOver(BranchId branch) {
        transactions.branchOver(branch);
    }

    /** Null for the command of an earlier resumption that a later one has replaced. */
    private Command find(long number) {
        for (Command command : unconfirmed) {
            if (command.number() == number) {
                return command;
            } else if (command.number() > number) {
                break;
            }
        }
        return null;
    }

    private void settle(Command command) {
        count(command, -1);
        boolean isPlain = command.isMessage() && command.transaction == null;
        if (!command.setUp && !isPlain) {
            transactions.onConfirmed(command);
            registry.onConfirmed(command);
        }
        if (!command.settled) {
            onSettled.accept(command);
        }
        if (!command.settled && !command.setUp && isBlocked(command)) {
            command.sent = false;
            keeper.blocked(command, command.failure());
        } else {
            command.settle();
        }
    }

    private static boolean isBlocked(Command command) {
        return command.failure() != null && command.failure().code() == ErrorCode.BLOCKED;
    }

    private void settleGhosts() {
        while (!unconfirmed.isEmpty() && unconfirmed.peekFirst().ghost) {
            settle(unconfirmed.removeFirst());
        }
        onAllSettled.run();
    }

    /** Highest number that was confirmed. */
    public long lastConfirmed() {
        return lastConfirmed;
    }

    public boolean isEmpty() {
        return unconfirmed.isEmpty();
    }

    /**
     * Whether something would be lost, or done twice, if another server took the place of the one that the connection
     * spoke to.
     */
    public boolean isAtStake(List<SessionStanding> standings) {
        return unconfirmed.stream().anyMatch(command -> !command.setUp && !isOpening(command))
                || !transactions.isEmpty()
                || standings.stream().anyMatch(SessionStanding::holdsAnything);
    }

    private static boolean isOpening(Command command) {
        ClientFrame frame = command.template();
        return frame instanceof ClientFrame.OpenSession
                || frame instanceof ClientFrame.CreateTemporary
                || frame instanceof ClientFrame.Attach;
    }

    /**
     * Decides, on a fresh link, what to send again, numbers it, and returns it in the order in which to send it. What was
     * on its way on the old link counts as lost.
     *
     * @param sameRun whether the server still has everything volatile: sessions, consumers, open transactions
     * @param lastCommand the highest command that the server has done; all above were not
     * @param standings what each session holds; taken before the commands were appended that have not been sent, so that
     *     these count as later where they name the same delivery
     */
    public List<Command> resume(boolean sameRun, long lastCommand, List<SessionStanding> standings) {
        if (lastCommand > lastNumber) {
            throw new IllegalArgumentException(
                    "the server has done command " + lastCommand + ", and the last one has number " + lastNumber);
        }
        List<Command> content = sameRun ? List.of() : transactions.open(lastCommand);
        ResumePlan plan = new ResumePlan(sameRun, lastCommand, registry, standings, () -> nextClaimer++);
        plan.make(List.copyOf(unconfirmed), content);
        unconfirmed.forEach(command -> count(command, -1));
        unconfirmed.clear();
        unconfirmed.addAll(plan.done());
        unconfirmed.forEach(command -> count(command, 1));
        List<Command> again = plan.again().stream()
                .filter(command -> command.ghost || !keeper.keeps(command))
                .toList();
        for (Command command : again) {
            command.number(command.ghost ? lastNumber : ++lastNumber);
            if (command.generation() != null) {
                command.generation().open(++lastGeneration);
            }
            unconfirmed.addLast(command);
            count(command, 1);
        }
        plan.openGenerations();
        List<Command> toSend = again.stream().filter(command -> !command.ghost).toList();
        settleGhosts();
        return toSend;
    }

    /** The connection is over: all outcomes are this failure. */
    public void failAll(EngineException cause) {
        while (!unconfirmed.isEmpty()) {
            Command command = unconfirmed.removeFirst();
            if (!command.setUp && !command.settled) {
                command.fail(cause);
                onSettled.accept(command);
                command.settle();
            }
        }
    }
}
