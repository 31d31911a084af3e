package io.posthorn.server.config;

import io.posthorn.gateway.tls.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All that can be set about a server. {@link #defaults()} has what holds without any file; {@link SettingsLoader} reads the
 * rest.
 *
 * @param data folder of the server's data
 * @param listen where to listen
 * @param admin where to listen for operators
 * @param tls certificate and key; empty for plain sockets
 * @param access who may connect, and do what
 * @param limits sizes, times and counts
 * @param destinations settings by name of destination
 */
public record ServerSettings(
        Path data,
        Listen listen,
        Admin admin,
        Optional<TlsSettings> tls,
        Access access,
        Limits limits,
        List<DestinationRule> destinations) {

    public ServerSettings {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(listen, "listen");
        Objects.requireNonNull(admin, "admin");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(access, "access");
        Objects.requireNonNull(limits, "limits");
        destinations = List.copyOf(destinations);
    }

    /** What holds when nothing is set. */
    public static ServerSettings defaults() {
        try {
            return new SettingsLoader().load();
        } catch (ConfigException e) {
            throw new IllegalStateException("the defaults contradict themselves", e);
        }
    }

    public ServerSettings withData(Path folder) {
        return new ServerSettings(folder, listen, admin, tls, access, limits, destinations);
    }

    public ServerSettings withListen(String host, int port) {
        return new ServerSettings(data, new Listen(host, port), admin, tls, access, limits, destinations);
    }

    public ServerSettings withTls(TlsSettings settings) {
        return new ServerSettings(data, listen, admin, Optional.of(settings), access, limits, destinations);
    }

    public ServerSettings withAccess(Access newAccess) {
        return new ServerSettings(data, listen, admin, tls, newAccess, limits, destinations);
    }

    public ServerSettings withLimits(Limits newLimits) {
        return new ServerSettings(data, listen, admin, tls, access, newLimits, destinations);
    }

    public ServerSettings withDestinations(List<DestinationRule> rules) {
        return new ServerSettings(data, listen, admin, tls, access, limits, rules);
    }

    /**
     * Where to listen.
     *
     * @param host name or address
     * @param port 0 for any free one
     */
    public record Listen(String host, int port) {
        public Listen {
            Objects.requireNonNull(host, "host");
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("'" + port + "' is not a port number (0 to 65535)");
            }
        }
    }

    /**
     * Where to listen for operators.
     *
     * @param host name or address
     * @param on whether to listen at all
     * @param port 0 for any free one
     * @param movable whether another port will do when this one is taken
     */
    public record Admin(String host, boolean on, int port, boolean movable) {

        private static final int PORT_DEFAULT = 7661;

        static Admin of(String host, String port) {
            return switch (port) {
                case "auto" -> new Admin(host, true, PORT_DEFAULT, true);
                case "off" -> new Admin(host, false, 0, false);
                default -> new Admin(host, true, number(port), false);
            };
        }

        private static int number(String text) {
            if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65_535) {
                throw new IllegalArgumentException(
                        "'" + text + "' is neither a port number (0 to 65535) nor auto nor off");
            }
            return Integer.parseInt(text);
        }
    }

    /**
     * Who may connect, besides the users in {@code users.yaml} of the data folder.
     *
     * @param anonymous whether clients without credentials are let in although users exist
     * @param users users of the configuration
     * @param permissions who may do what; empty: all users may do all
     */
    public record Access(boolean anonymous, List<UserEntry> users, List<PermissionRule> permissions) {

        public static final Access DEFAULTS = new Access(false, List.of(), List.of());

        public Access {
            users = List.copyOf(users);
            permissions = List.copyOf(permissions);
        }
    }

    /**
     * Sizes in bytes, times, counts.
     *
     * @param messageLengthMax longest message that is taken
     * @param resumeWindow how long a lost client keeps what it owns
     * @param xaTimeout after how long an unprepared branch is rolled back
     * @param heartbeat least interval of heartbeats; zero for none
     * @param memoryContents how much of the messages' contents stays in memory
     * @param memoryIndex how much memory the index of waiting messages may take; the rest is on disk
     * @param memoryTransactions how much memory the messages of open transactions may take; those of one may take half of it
     * @param checkpointBytes how much of the journal may have to be replayed
     * @param journalSegmentBytes length of one file of the journal
     * @param diskFreeMin how many bytes of the disk should stay free; with fewer, persistent messages are refused
     * @param gatewayThreads number of event loops
     */
    public record Limits(
            long messageLengthMax,
            Duration resumeWindow,
            Duration xaTimeout,
            Duration heartbeat,
            long memoryContents,
            long memoryIndex,
            long memoryTransactions,
            long checkpointBytes,
            long journalSegmentBytes,
            long diskFreeMin,
            int gatewayThreads) {}
}
