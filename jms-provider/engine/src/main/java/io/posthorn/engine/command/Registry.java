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
            consumers.remove(detach.consumer());
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
            consumers.remove(detach.consumer());
        }
    }

    /** Its consumers are removed as well. */
    private void closeSession(long session) {
        sessions.remove(session);
        timeouts.remove(session);
        consumers.values().removeIf(attach -> attach.consumers().get(0).session() == session);
    }

    boolean hasSession(long session, long lastCommand) {
        return isDone(sessions.get(session), lastCommand);
    }

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
