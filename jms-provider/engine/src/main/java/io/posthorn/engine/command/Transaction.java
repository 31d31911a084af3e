package io.posthorn.engine.command;

import io.posthorn.engine.EngineException;
import io.posthorn.wire.frame.ClientFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of one transaction that a server could still forget, and the commands that would end it. One method of
 * {@link Transactions} decides when it may be forgotten here.
 */
final class Transaction {

    private final List<Command> commands = new ArrayList<>();
    private final List<Command> ends = new ArrayList<>(1);

    /** Why something of it is missing at the server, so that it must not be committed; null while nothing is. */
    private EngineException broken;

    /** Another connection has prepared or ended it, so that no server will ask for it again. */
    private boolean endedElsewhere;

    /** Of all messages that were ever added. */
    private long bytes;

    void add(Command command) {
        commands.add(command);
        command.transaction = this;
        bytes += command.template() instanceof ClientFrame.Send send ? send.envelope().length : 0;
    }

    void endedElsewhere() {
        endedElsewhere = true;
    }

    /** Whether it can be forgotten without an end that this connection asked for, once {@code last} is confirmed, too. */
    boolean isForgettable(Command last) {
        return endedElsewhere && commands.stream().allMatch(command -> command.settled || command == last);
    }

    /** How much memory its messages take, about. */
    long bytes() {
        return bytes;
    }

    void addFirst(Transaction earlier) {
        commands.addAll(0, earlier.commands);
        earlier.commands.forEach(command -> command.transaction = this);
        broken = earlier.broken == null ? broken : earlier.broken;
    }

    /** The server refused this command, so that it is no part of the transaction. */
    void remove(Command command) {
        commands.remove(command);
        command.transaction = null;
    }

    void endsWith(Command end) {
        ends.add(end);
        end.ends = this;
    }

    /** A command that should have ended it had no effect. */
    void goesOnAfter(Command end) {
        ends.remove(end);
        end.ends = null;
    }

    /** Something of it could not be done; the first reason counts. */
    void breakWith(EngineException cause) {
        broken = broken == null ? cause : broken;
    }

    EngineException broken() {
        return broken;
    }

    /** Whether a server may have committed it: what it sent may have been seen. */
    boolean isCommitSent() {
        for (Command end : ends) {
            if (end.sent && commits(end.template())) {
                return true;
            }
        }
        return false;
    }

    /** A branch that is prepared first is in the log before anything of it can be seen. */
    private static boolean commits(ClientFrame frame) {
        return frame instanceof ClientFrame.Commit || frame instanceof ClientFrame.XaCommit commit && commit.onePhase();
    }

    /** Whether it is over at a server that has done all commands up to {@code lastCommand}. */
    boolean isOver(long lastCommand) {
        for (Command end : ends) {
            if (end.isDone(lastCommand) && (end.failure() == null || Transactions.isFinal(end.failure()))) {
                return true;
            }
        }
        return false;
    }

    List<Command> commands() {
        return commands;
    }

    boolean isEmpty() {
        return commands.isEmpty();
    }
}
