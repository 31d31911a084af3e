package io.posthorn.broker.connection;

import io.posthorn.broker.Outlet;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.KnownConnection;
import io.posthorn.broker.store.Refusal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All connections of this run, those that are only known from the log, and who has which client identifier. */
public final class Registry {

    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    /** So long a confirmation is left for something else to go along with. */
    private static final long UNTOLD_MS = 2;

    private final Core core;
    private final Map<UUID, Connection> connections = new LinkedHashMap<>();
    private final Map<String, Connection> byClientId = new HashMap<>();
    private final Map<UUID, Long> sinceMs = new HashMap<>();

    /** Who has no socket, and since when; the longest first, as the window is the same for all. */
    private final Map<UUID, Long> absentSinceMs = new LinkedHashMap<>();

    private final Set<Connection> touched = new LinkedHashSet<>();

    /** Who mostly is the next one, too. */
    private Connection touchedLast;

    /** The log got further, and what waited for that is sent. */
    private boolean progressing;

    private final Set<Connection> unconfirmed = new LinkedHashSet<>();

    /** Who has not been told of all that is confirmed, as nobody waits for it; the longest first. */
    private final Set<Connection> owed = new LinkedHashSet<>();

    /**
     * A connection of a client at one moment.
     *
     * @param clientId its client identifier, or null
     * @param user who it speaks for; empty for nobody in particular
     * @param peer where its socket comes from; empty while it has none
     * @param connected whether it has a socket; without one it may come back within the resume window
     * @param sinceMs when it came, or came back after a restart, ms since 1970
     * @param consumers how many consumers and browsers it has
     */
    public record ConnectionLine(
            UUID id, String clientId, String user, String peer, boolean connected, long sinceMs, int consumers) {}

    public Registry(Core core) {
        this.core = core;
    }

    /** The connections that the log knows may come back from now on, within the resume window. */
    public void expectReturns(long nowMs) {
        for (KnownConnection known : core.state().connections()) {
            absentSinceMs.put(known.connection(), nowMs);
        }
    }

    /** The connections that may come back, or have. */
    public Set<UUID> awaited() {
        Set<UUID> all = new LinkedHashSet<>(absentSinceMs.keySet());
        all.addAll(connections.keySet());
        return all;
    }

    /** Whether a connection of an earlier run may still come back, or has not said yet all that it had. */
    boolean isAwaited(UUID id) {
        Connection connection = connections.get(id);
        return connection == null ? absentSinceMs.containsKey(id) : connection.isRebuilding();
    }

    public Connection find(UUID id) {
        return connections.get(id);
    }

    public void add(Connection connection) {
        connections.put(connection.id(), connection);
        sinceMs.putIfAbsent(connection.id(), core.courier().nowMs());
        absentSinceMs.remove(connection.id());
    }

    /** What there is to say of each connection. */
    public List<ConnectionLine> lines() {
        List<ConnectionLine> lines = new ArrayList<>(connections.size());
        for (Connection connection : connections.values()) {
            lines.add(new ConnectionLine(
                    connection.id(),
                    connection.clientId(),
                    connection.login() == null ? "" : connection.login().user(),
                    connection.isConnected() ? connection.outlet().peer() : "",
                    connection.isConnected(),
                    sinceMs.getOrDefault(connection.id(), 0L),
                    connection.consumers.count()));
        }
        return lines;
    }

    /** Ends a connection for good; its client is told why. */
    public void end(UUID id, String why) throws Refusal {
        Connection connection = connections.get(id);
        if (connection == null) {
            throw new Refusal(ErrorCode.INVALID_DESTINATION, "there is no connection " + id);
        }
        Outlet outlet = connection.outlet();
        if (outlet != null) {
            outlet.send(new ServerFrame.Closed(ErrorCode.RESUME_EXPIRED, why));
            outlet.close();
            connection.disconnect(core.courier().nowMs());
        }
        LOG.info("{} is over: {}", connection, why);
        connection.expire();
    }

    /** A branch that the connection has worked in is prepared or over without its doing. */
    public void branchOver(UUID id, BranchId branch, long gate) {
        Connection connection = connections.get(id);
        if (connection != null) {
            connection.branchOver(branch, gate);
        }
    }

    /** Whether a message of this queue was delivered, and is not acknowledged, or only in a transaction that is not decided. */
    boolean isHeld(MessageQueue queue) {
        return core.branches().settles(queue)
                || connections.values().stream().anyMatch(connection -> connection.holds(queue));
    }

    /** The number that stands for a connection in the log; the first use adds the record for it. */
    long numberOf(UUID id) {
        KnownConnection known = core.state().connection(id);
        if (known != null) {
            return known.number();
        }
        long number = core.state().nextConnection();
        core.recorder().add(new LogRecord.ConnectionKnown(number, id));
        return number;
    }

    /** Forgets a connection that is over. */
    void remove(Connection connection) {
        connections.remove(connection.id());
        sinceMs.remove(connection.id());
        absentSinceMs.remove(connection.id());
        unconfirmed.remove(connection);
        owed.remove(connection);
        if (connection.clientId() != null) {
            byClientId.remove(connection.clientId(), connection);
        }
    }

    /** Gives a client identifier to a connection; one whose socket is gone loses it and is over. */
    public void claim(String clientId, Connection connection) throws Refusal {
        Connection holder = byClientId.get(clientId);
        if (holder != null && holder != connection) {
            if (holder.isConnected()) {
                throw new Refusal(
                        ErrorCode.INVALID_CLIENT_ID, "client identifier '" + clientId + "' is in use by a connection");
            }
            LOG.info("Client identifier '{}' passes from a connection without a socket to a new one", clientId);
            holder.expire();
        }
        byClientId.put(clientId, connection);
    }

    /** The connection lost its socket. */
    void absent(Connection connection, long nowMs) {
        absentSinceMs.remove(connection.id());
        absentSinceMs.put(connection.id(), nowMs);
    }

    /** The connection has something to flush at the end of the turn. */
    void touch(Connection connection) {
        if (connection != touchedLast) {
            touchedLast = connection;
            touched.add(connection);
        }
    }

    /** The connection has something that waits for the log. */
    void awaitLog(Connection connection) {
        unconfirmed.add(connection);
    }

    /** The log got further: confirms and sends what it allows. */
    public void onProgress() {
        progressing = true;
        unconfirmed.removeIf(Connection::onProgress);
        progressing = false;
    }

    /** Whether what is sent now waited for the log. */
    boolean isProgressing() {
        return progressing;
    }

    /** Whether all that this turn has for anybody waits for the log, or goes to who waits for it. */
    public boolean servesLogOnly() {
        for (Connection connection : touched) {
            if (connection.isServedWithoutLog()) {
                return false;
            }
        }
        return true;
    }

    /** Whether something that is confirmed was left untold. */
    void owe(Connection connection, boolean something) {
        if (something) {
            owed.add(connection);
        } else if (!owed.isEmpty()) {
            owed.remove(connection);
        }
    }

    /** Confirms and flushes whatever this turn touched; first what carries more than a confirmation, as most wait for messages. */
    public void endTurn() {
        if (!touched.isEmpty()) {
            long nowMs = core.courier().nowMs();
            touched.removeIf(connection -> {
                boolean speaks = connection.isSpeaking();
                if (speaks) {
                    connection.endTurn(nowMs);
                }
                return speaks;
            });
            touched.forEach(connection -> connection.endTurn(nowMs));
            touched.clear();
            touchedLast = null;
        }
    }

    /** Tells what was left untold for a while, and ends connections that did not come back within the window. */
    public void advance(long nowMs) {
        while (nextUntoldMs() <= nowMs) {
            Connection connection = owed.iterator().next();
            owed.remove(connection);
            connection.tellUntold();
        }
        while (nextExpiryMs() <= nowMs) {
            UUID id = absentSinceMs.keySet().iterator().next();
            absentSinceMs.remove(id);
            Connection connection = connections.get(id);
            if (connection != null) {
                LOG.info(
                        "{} did not come back within {} ms and is over",
                        connection,
                        core.settings().resumeWindowMs());
                connection.expire();
            } else if (core.state().connection(id) != null) {
                core.recorder()
                        .add(new LogRecord.ConnectionEnded(
                                core.state().connection(id).number(), true));
                core.recorder().commit(Flush.LAZY);
                core.bodies().drop(id);
                core.state().directory().deleteTemporaries(id);
            }
        }
    }

    public long nextDeadlineMs() {
        return Math.min(nextUntoldMs(), nextExpiryMs());
    }

    private long nextUntoldMs() {
        return owed.isEmpty() ? Long.MAX_VALUE : owed.iterator().next().untoldSinceMs() + UNTOLD_MS;
    }

    private long nextExpiryMs() {
        if (absentSinceMs.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return absentSinceMs.values().iterator().next() + core.settings().resumeWindowMs();
    }
}
