package io.posthorn.engine.command;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the server was asked to open and not yet seen to close: sessions, consumers, temporary destinations, each with the
 * command that opened it. A server that was started again has none of it.
 */
final class Registry {

    private final Map<Long, Command> sessions = new HashMap<>();
    private final Map<Long, Command> consumers = new HashMap<>();
    private final Map<Address, Command> temporaries = new LinkedHashMap<>();

    /** The commands that opened them again at a server that was started again, for those that were there then. */
    private final Map<Long, Command> rebuiltSessions = new HashMap<>();

    private final Map<Long, Command> rebuiltConsumers = new HashMap<>();

    /** The last timeout for branches that each session asked for. */
    private final Map<Long, Command> timeouts = new HashMap<>();

    void onAppend(Command command) {
        ClientFrame frame = command.template();
        if (frame instanceof ClientFrame.OpenSession open) {
            sessions.put(open.session(), command);
        } else if (frame instanceof ClientFrame.Attach attach) {
            consumers.putIfAbsent(attach.consumer(), command);
        } else if (frame instanceof ClientFrame.CreateTemporary create) {
            temporaries.put(create.address(), command);
        } else if (frame instanceof ClientFrame.XaTimeout timeout) {
            timeouts.put(timeout.session(), command);
        }
    }

    void onConfirmed(Command command) {
        ClientFrame frame = command.template();
        if (command.failure() != null) {
            onRefused(command, frame);
        } else if (frame instanceof ClientFrame.CloseSession close) {
            closeSession(close.session());
        } else if (frame instanceof ClientFrame.Detach detach) {
            forgetConsumer(detach.consumer());
        } else if (frame instanceof ClientFrame.DeleteTemporary delete) {
            temporaries.remove(delete.address());
        }
    }

    private void onRefused(Command command, ClientFrame frame) {
        if (frame instanceof ClientFrame.OpenSession open) {
            sessions.remove(open.session(), command);
        } else if (frame instanceof ClientFrame.Attach attach) {
            consumers.remove(attach.consumer(), command);
        } else if (frame instanceof ClientFrame.CreateTemporary create) {
            temporaries.remove(create.address(), command);
        } else if (frame instanceof ClientFrame.XaTimeout timeout) {
            timeouts.remove(timeout.session(), command);
        } else if (frame instanceof ClientFrame.CloseSession close) {
            closeSession(close.session());
        } else if (frame instanceof ClientFrame.Detach detach) {
            forgetConsumer(detach.consumer());
        }
    }

    private void forgetConsumer(long consumer) {
        consumers.remove(consumer);
        rebuiltConsumers.remove(consumer);
    }

    /** Its consumers are removed as well. */
    private void closeSession(long session) {
        sessions.remove(session);
        rebuiltSessions.remove(session);
        timeouts.remove(session);
        consumers.values().removeIf(attach -> isOf(session, attach));
        rebuiltConsumers.values().removeIf(attach -> isOf(session, attach));
    }

    private static boolean isOf(long session, Command attach) {
        return attach.consumers().get(0).session() == session;
    }

    /** A server that was started again is told this; what it was told in an earlier run does not count any more. */
    void rebuild(List<Command> commands) {
        rebuiltSessions.clear();
        rebuiltConsumers.clear();
        for (Command command : commands) {
            if (command.template() instanceof ClientFrame.OpenSession open) {
                rebuiltSessions.put(open.session(), command);
            } else if (command.template() instanceof ClientFrame.Attach attach) {
                rebuiltConsumers.put(attach.consumer(), command);
            }
        }
    }

    /** Whether the server has the session now, if it is the run that was told last. */
    boolean stillHasSession(long session, long lastCommand) {
        Command rebuilt = rebuiltSessions.get(session);
        return rebuilt == null ? hasSession(session, lastCommand) : rebuilt.number() <= lastCommand;
    }

    /** As {@link #stillHasSession}, for a consumer. */
    boolean stillHasConsumer(long consumer, long lastCommand) {
        Command rebuilt = rebuiltConsumers.get(consumer);
        return rebuilt == null ? hasConsumer(consumer, lastCommand) : rebuilt.number() <= lastCommand;
    }

    /** Whether a server, of this run or an earlier one, has had the session. */
    boolean hasSession(long session, long lastCommand) {
        return isDone(sessions.get(session), lastCommand);
    }

    /** As {@link #hasSession}, for a consumer. */
    boolean hasConsumer(long consumer, long lastCommand) {
        return isDone(consumers.get(consumer), lastCommand);
    }

    /** The command that set the session's timeout, when the server has done it; otherwise null. */
    Command timeout(long session, long lastCommand) {
        Command command = timeouts.get(session);
        return isDone(command, lastCommand) ? command : null;
    }

    List<Address> temporaries(long lastCommand) {
        List<Address> known = new ArrayList<>();
        temporaries.forEach((address, command) -> {
            if (isDone(command, lastCommand)) {
                known.add(address);
            }
        });
        return known;
    }

    private static boolean isDone(Command opening, long lastCommand) {
        return opening != null && opening.isDone(lastCommand);
    }
}
