package io.posthorn.server;

import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.Logs;
import io.posthorn.gateway.Gateway;
import io.posthorn.gateway.GatewayException;
import io.posthorn.gateway.GatewaySettings;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.file.FileJournal;
import io.posthorn.journal.file.FileJournalSettings;
import io.posthorn.server.config.ConfigException;
import io.posthorn.server.config.DestinationRule;
import io.posthorn.server.config.ServerSettings;
import io.posthorn.server.security.UserDirectory;
import io.posthorn.server.security.UsersFile;
import io.posthorn.wire.frame.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running server: a journal in {@code DATA/journal}, the broker, the gateway. Start it with {@link #start}, end it
 * with {@link #close}; both wait, and neither may be called on one of the server's own threads.
 */
public final class PosthornServer implements AutoCloseable {

    /** The folder of the journal within the data folder. */
    public static final String JOURNAL_FOLDER = "journal";

    private static final Logger LOG = LoggerFactory.getLogger(PosthornServer.class);
    private static final int SCRATCH_SEGMENT_BYTES = 8 << 20;

    private final Logs logs;
    private final Gateway gateway;
    private final ServerSettings settings;
    private final UserDirectory users;
    private AdminPort adminPort;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PosthornServer(Logs logs, Gateway gateway, ServerSettings settings, UserDirectory users) {
        this.logs = logs;
        this.gateway = gateway;
        this.settings = settings;
        this.users = users;
    }

    /** Starts a server on the host and port of the settings; ready when this returns. It closes itself when its disk fails. */
    public static PosthornServer start(ServerSettings settings) throws StartException {
        CloseOnFailure closer = new CloseOnFailure();
        PosthornServer server = start(settings, closer);
        closer.attach(server);
        return server;
    }

    /**
     * As {@link #start(ServerSettings)}.
     *
     * @param onFailure told once, on a thread of the server, when the journal or the broker failed: all connections are
     *     closed then, and {@link #close} is to be called on another thread
     */
    public static PosthornServer start(ServerSettings settings, Consumer<Throwable> onFailure) throws StartException {
        boolean loopback = isLoopback(settings.listen().host());
        UserDirectory users = users(settings, loopback);
        if (!loopback && users.isEmpty()) {
            throw new StartException("listening on " + settings.listen().host()
                    + " lets in everybody as long as there is no user. Add one first (user add NAME, or the settings user"
                    + " and password), or listen on 127.0.0.1");
        }
        InetSocketAddress address = new InetSocketAddress(
                settings.listen().host(), settings.listen().port());
        return start(settings, address, users, onFailure);
    }

    /**
     * Starts a server for clients of this JVM; host, port and TLS of the settings have no meaning there. Users have: as
     * long as there is none, everybody is let in.
     *
     * @param address a local address of the transport
     */
    public static PosthornServer startLocal(ServerSettings settings, SocketAddress address) throws StartException {
        CloseOnFailure closer = new CloseOnFailure();
        PosthornServer server = start(settings, address, users(settings, true), closer);
        closer.attach(server);
        return server;
    }

    private static PosthornServer start(
            ServerSettings settings, SocketAddress address, UserDirectory users, Consumer<Throwable> onFailure)
            throws StartException {
        long startNs = System.nanoTime();
        Path data = dataFolder(settings.data());
        Journal journal = journal(data, settings);
        Journal scratch = null;
        Gateway gateway = null;
        try {
            scratch = FileJournal.openScratch(data.resolve("scratch"), scratchSettings());
            gateway = Gateway.start(
                    gatewaySettings(settings, address),
                    brokerSettings(settings),
                    new Logs(journal, scratch),
                    users,
                    onFailure);
        } catch (GatewayException | JournalException e) {
            throw new StartException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted while starting", e);
        } finally {
            if (gateway == null) {
                closeQuietly(journal);
                closeQuietly(scratch);
            }
        }
        PosthornServer server = new PosthornServer(new Logs(journal, scratch), gateway, settings.withData(data), users);
        LOG.info(
                "Posthorn {} ready: listening on {}, data in {}, {} ms",
                Version.current(),
                server.where(),
                data,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
        return server;
    }

    /**
     * Opens the port for operators and returns its URL; empty when the settings have none. It is closed with the server.
     * Not part of the start, since a server without it serves.
     */
    public synchronized Optional<String> openAdministration() throws StartException {
        if (adminPort != null) {
            return Optional.of(adminPort.url());
        }
        ServerSettings.Admin admin = settings.admin();
        if (!admin.on() || closed.get()) {
            return Optional.empty();
        }
        if (!isLoopback(admin.host()) && users.isEmpty()) {
            throw new StartException("listening for operators on " + admin.host()
                    + " lets in everybody as long as there is no user. Add one first (user add NAME), or set admin.host"
                    + " to 127.0.0.1");
        }
        long diskFreeMin = settings.limits().diskFreeMin();
        adminPort = AdminPort.open(
                admin, new AdministeredServer(gateway, logs.journal(), users, settings.data(), diskFreeMin, where()));
        return Optional.of(adminPort.url());
    }

    /** The port that is listened on; -1 for a server inside the JVM. */
    public int port() {
        return gateway.address() instanceof InetSocketAddress address ? address.getPort() : -1;
    }

    public SocketAddress address() {
        return gateway.address();
    }

    /** How many sockets are connected at this moment. */
    public int connectionCount() {
        return gateway.connectionCount();
    }

    /** Tells clients that the server stops, so that they resume later, and closes the journal in order. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        String where = where();
        closeAdministration();
        gateway.close();
        closeQuietly(logs.journal());
        closeQuietly(logs.scratch());
        LOG.info("Posthorn stopped listening on {}", where);
    }

    private synchronized void closeAdministration() {
        if (adminPort != null) {
            adminPort.close();
        }
    }

    private String where() {
        if (!(gateway.address() instanceof InetSocketAddress address)) {
            return String.valueOf(gateway.address());
        }
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static void closeQuietly(Journal journal) {
        try {
            if (journal != null) {
                journal.close();
            }
        } catch (JournalException e) {
            LOG.error("The journal could not be closed in order; the next start will replay it: {}", e.getMessage());
        }
    }

    private static UserDirectory users(ServerSettings settings, boolean loopback) throws StartException {
        try {
            return UserDirectory.open(
                    new UsersFile(settings.data()), settings.access(), loopback, InstantSource.system());
        } catch (ConfigException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private static Path dataFolder(Path folder) throws StartException {
        try {
            Files.createDirectories(folder);
            return folder.toRealPath();
        } catch (FileAlreadyExistsException e) {
            throw new StartException(
                    "the data folder " + folder + " cannot be made: " + e.getFile()
                            + " is a file. Choose another folder with --data DIR (setting data)",
                    e);
        } catch (IOException e) {
            throw new StartException(
                    "the data folder " + folder + " cannot be made: " + e
                            + ". Check its permissions, or choose another folder with --data DIR (setting data)",
                    e);
        }
    }

    private static Journal journal(Path data, ServerSettings settings) throws StartException {
        if (!Files.isWritable(data)) {
            throw new StartException(
                    "the data folder " + data + " cannot be written to. Check its permissions, or choose"
                            + " another folder with --data DIR (setting data)");
        }
        try {
            ServerSettings.Limits limits = settings.limits();
            FileJournalSettings files = FileJournalSettings.defaults()
                    .withSegmentBytes((int) limits.journalSegmentBytes())
                    .withDiskFreeMin(limits.diskFreeMin());
            return FileJournal.open(data.resolve(JOURNAL_FOLDER), files);
        } catch (JournalException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    /** Small segments: most servers never write there. */
    private static FileJournalSettings scratchSettings() {
        return FileJournalSettings.defaults()
                .withSegmentBytes(SCRATCH_SEGMENT_BYTES)
                .withSpareSegments(0);
    }

    /** What the settings say about the broker. */
    public static BrokerSettings brokerSettings(ServerSettings settings) {
        ServerSettings.Limits limits = settings.limits();
        return new BrokerSettings(
                limits.messageLengthMax(),
                limits.resumeWindow().toMillis(),
                limits.memoryContents(),
                limits.memoryIndex(),
                limits.memoryTransactions(),
                BrokerSettings.BLOCK_ENTRIES,
                limits.checkpointBytes(),
                BrokerSettings.COMPACTION_SLACK_BYTES,
                limits.xaTimeout().toMillis(),
                DestinationRule.toDestinations(settings.destinations()));
    }

    private static GatewaySettings gatewaySettings(ServerSettings settings, SocketAddress address) {
        ServerSettings.Limits limits = settings.limits();
        return new GatewaySettings(
                address,
                limits.gatewayThreads(),
                Frame.LENGTH_MAX_DEFAULT,
                limits.messageLengthMax(),
                limits.heartbeat().toMillis(),
                GatewaySettings.HANDSHAKE_TIMEOUT_MS,
                address instanceof InetSocketAddress ? settings.tls().orElse(null) : null);
    }

    private static boolean isLoopback(String host) throws StartException {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (IOException e) {
            throw new StartException(
                    "cannot listen on '" + host + "': no such host (setting listen.host, or --host ADDR)", e);
        }
    }

    /** Closes the server on a thread of its own, also when the failure comes before the server is known. */
    private static final class CloseOnFailure implements Consumer<Throwable> {

        private PosthornServer server;
        private boolean failed;

        @Override
        public synchronized void accept(Throwable failure) {
            failed = true;
            closeIfDue();
        }

        private synchronized void attach(PosthornServer started) {
            server = started;
            closeIfDue();
        }

        private void closeIfDue() {
            if (failed && server != null) {
                new Thread(server::close, "posthorn-stop").start();
            }
        }
    }
}
