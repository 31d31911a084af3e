package io.posthorn.broker.store;

import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayDeque;
import java.util.UUID;

/**
 * What the log knows of a connection: its last durable command, and the commands that did not simply succeed, so that a
 * client that resumes is told of each what it would have been told.
 */
public final class KnownConnection {

    /** How many outcomes are kept; a client may have no more commands than this under way that end otherwise than well. */
    static final int OUTCOMES_MAX = 4096;

    private final long number;
    private final UUID connection;
    private final ArrayDeque<Outcome> outcomes = new ArrayDeque<>();
    private long lastCommand;

    KnownConnection(long number, UUID connection) {
        this.number = number;
        this.connection = connection;
    }

    public long number() {
        return number;
    }

    public UUID connection() {
        return connection;
    }

    public long lastCommand() {
        return lastCommand;
    }

    public Iterable<Outcome> outcomes() {
        return outcomes;
    }

    int outcomeCount() {
        return outcomes.size();
    }

    void done(long command) {
        lastCommand = Math.max(lastCommand, command);
    }

    void remember(Outcome outcome) {
        if (outcomes.size() == OUTCOMES_MAX) {
            outcomes.poll();
        }
        outcomes.add(outcome);
        done(outcome.command());
    }

    /** How a command ended: failed with a code, or with a value. {@code code} is null when it succeeded. */
    public record Outcome(long command, ErrorCode code, String text, long value) {

        /** What the client is told. */
        public ServerFrame toFrame() {
            return code == null ? new ServerFrame.Result(command, value) : new ServerFrame.Failed(command, code, text);
        }
    }
}
