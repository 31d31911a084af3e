package io.posthorn.server.cli;

import io.posthorn.server.PosthornServer;
import io.posthorn.server.StartException;
import io.posthorn.server.config.ConfigException;
import io.posthorn.server.config.Key;
import io.posthorn.server.config.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the server until the process is told to end (SIGTERM or Ctrl-C: status 0) or its disk fails (status 1). */
@Command(name = "run", description = "Run the server until it is stopped.")
final class RunCommand implements Callable<Integer> {

    @Mixin
    SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen on (default: 7660); 0 takes any free one.")
    String port;

    @Option(names = "--host", paramLabel = "ADDR", description = "Address to listen on (default: 127.0.0.1).")
    String host;

    @Option(
            names = "--port-file",
            paramLabel = "FILE",
            description = "File to write the port to once the server is ready.")
    Path portFile;

    @Override
    public Integer call() throws ConfigException, StartException, InterruptedException {
        Logger log = LoggerFactory.getLogger("io.posthorn.server.cli");
        ServerSettings loaded = settings.load(options(), log::warn);
        deleteOldPortFile();
        AtomicInteger status = new AtomicInteger();
        PosthornServer server = PosthornServer.start(loaded, failure -> endWithFailure(status));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, status), "posthorn-stop"));
        writePortFile(server.port());
        server.openAdministration();
        new CountDownLatch(1).await();
        return 0;
    }

    private Map<Key, Map.Entry<String, String>> options() {
        Map<Key, Map.Entry<String, String>> given = new EnumMap<>(Key.class);
        if (port != null) {
            given.put(Key.LISTEN_PORT, Map.entry("--port", port));
        }
        if (host != null) {
            given.put(Key.LISTEN_HOST, Map.entry("--host", host));
        }
        return given;
    }

    /** On a thread of its own: the caller is one that the hook waits for. */
    private static void endWithFailure(AtomicInteger status) {
        status.set(Failure.STATUS);
        new Thread(() -> System.exit(Failure.STATUS), "posthorn-failed").start();
    }

    /**
     * Being told to end is no failure, so the status is set here: the JVM's own would be 143 after SIGTERM. After a failure
     * the journal is not closed in order, as nothing is in order: the next start recovers as after a crash.
     */
    private static void stop(PosthornServer server, AtomicInteger status) {
        if (status.get() == 0) {
            server.close();
        }
        System.out.flush();
        Runtime.getRuntime().halt(status.get());
    }

    private void deleteOldPortFile() throws StartException {
        if (portFile != null) {
            try {
                Files.deleteIfExists(portFile);
            } catch (IOException e) {
                throw new StartException("--port-file " + portFile + " cannot be replaced: " + e, e);
            }
        }
    }

    private void writePortFile(int chosen) throws StartException {
        if (portFile == null) {
            return;
        }
        Path file = portFile.toAbsolutePath();
        try {
            Path draft =
                    Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new");
            Files.writeString(draft, chosen + System.lineSeparator());
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StartException("--port-file " + portFile + " cannot be written: " + e, e);
        }
    }
}
