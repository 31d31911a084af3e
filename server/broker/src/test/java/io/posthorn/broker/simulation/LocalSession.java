package io.posthorn.broker.simulation;

import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Works in local transactions, one after the other, and keeps the commands of the open one to send them again. */
final class LocalSession extends ClientSession {

    private final List<Command> content = new ArrayList<>();
    private Ledger.Unit transaction;

    /** The commit or rollback that is under way; null while there is none. */
    private Command end;

    LocalSession(Client client) {
        super(client, 2);
        begin();
    }

    private void begin() {
        content.clear();
        transaction = world.ledger.new Unit("transaction of " + client.index);
        end = null;
    }

    @Override
    Ledger.Unit unit() {
        return end == null ? transaction : null;
    }

    @Override
    boolean isTransacted() {
        return true;
    }

    @Override
    Command.Kind kindOf(boolean isVolatile) {
        return Command.Kind.CONTENT;
    }

    @Override
    void onWork(Ledger.Unit unit, Command command) {
        content.add(command);
    }

    @Override
    void advanceUnit() {
        if (end == null) {
            end(world.chance(700));
        }
    }

    @Override
    void endUnit() {
        if (end == null && !content.isEmpty()) {
            end(world.random.nextBoolean());
        }
    }

    private void end(boolean commits) {
        Command command = new Command(
                Command.Kind.OTHER,
                number -> commits ? new ClientFrame.Commit(number, 2) : new ClientFrame.Rollback(number, 2));
        if (commits) {
            commit(transaction, command);
        } else {
            transaction.state(Ledger.State.ROLLED_BACK);
        }
        Runnable outcome = command.onDone;
        command.then(() -> {
            outcome.run();
            if (command.failure == ErrorCode.BLOCKED) {
                transaction.state(Ledger.State.OPEN); // it is as it was
                end = null;
            } else {
                begin();
            }
        });
        end = command;
        client.issue(command);
    }

    /** The server has forgotten what was not committed: all of it goes again, before the end. */
    @Override
    void onAnotherRun(long lastCommand, List<Command> done, List<Command> again) {
        super.onAnotherRun(lastCommand, done, again);
        done.removeAll(content);
        again.removeAll(content);
        if (end == null || !done.contains(end)) {
            content.forEach(command -> command.mayBeVain |= command.consumer != null);
            // once its commit was sent, it may have shown what is not in the log
            again.addAll(
                    0,
                    content.stream()
                            .filter(command -> end == null || !command.isVolatileContent)
                            .toList());
        }
    }

    @Override
    void onUnitLost() {
        if (transaction.state == Ledger.State.OPEN) {
            transaction.state(Ledger.State.ROLLED_BACK);
        }
    }
}
