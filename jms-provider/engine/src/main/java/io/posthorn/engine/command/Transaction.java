package io.posthorn.engine.command;

import java.util.ArrayList;
import java.util.List;

/**
 * The content of one transaction that a server could still forget, and the commands that would end it. One method of
 * {@link Transactions} decides when it may be forgotten here.
 */
final class Transaction {

    private final List<Command> commands = new ArrayList<>();
    private final List<Command> ends = new ArrayList<>(1);

    void add(Command command) {
        commands.add(command);
        command.transaction = this;
    }

    void addFirst(Transaction earlier) {
        commands.addAll(0, earlier.commands);
        earlier.commands.forEach(command -> command.transaction = this);
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
