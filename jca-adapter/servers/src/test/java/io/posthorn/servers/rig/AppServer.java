package io.posthorn.servers.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One application server in processes of its own: started, killed, started again on the same files. One thread owns it. */
public final class AppServer {

    private static final Logger LOG = LoggerFactory.getLogger(AppServer.class);
    private static final Duration UP_WITHIN = Duration.ofSeconds(180);
    private static final Duration DEPLOYED_WITHIN = Duration.ofSeconds(180);
    private static final int LOG_LINES_SHOWN = 60;

    private final ServerKind kind;
    private final Site site;
    private final Path log;
    private final Http http;
    private ProcessGroup process;

    AppServer(ServerKind kind, Site site) {
        this.kind = kind;
        this.site = site;
        this.log = site.home().resolve("console.log");
        this.http = new Http(site.port(kind.httpPort()));
    }

    public Http http() {
        return http;
    }

    public Path logFile() {
        return log;
    }

    void configure() {
        long start = System.nanoTime();
        kind.configure(site, site.home().resolve("configure.log"));
        LOG.info("configured in {} ms", since(start));
    }

    /** Starts the server and waits until it is up. */
    public void start() {
        long start = System.nanoTime();
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = ProcessGroup.start(kind.command(site), kind.environment(site), site.home(), log);
        await(UP_WITHIN, "The server is not up", () -> kind.isUp(site, console()), Optional::empty);
        LOG.info("started in {} ms", since(start));
    }

    /** Ends the server as {@code kill -9} does. */
    public void kill() {
        if (process != null) {
            process.kill();
            process = null;
        }
    }

    /** Puts an application where the server takes applications from, and waits until it answers. */
    void deploy(Path archive) {
        long start = System.nanoTime();
        String name = archive.getFileName().toString();
        Path target = kind.deployments(site).resolve(name);
        Path unready = site.home().resolve(name + ".part");
        int logged = console().length();
        Site.copy(archive, unready);
        try {
            Files.createDirectories(target.getParent());
            Files.move(unready, target);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot deploy " + archive, e);
        }
        awaitApplication(name, logged);
        LOG.info("deployed {} in {} ms", name, since(start));
    }

    /** Waits until an application answers, after the server was started again. */
    public void awaitApplication(String archive) {
        awaitApplication(archive, 0);
    }

    /** What the log says before this length is about others. */
    private void awaitApplication(String archive, int logged) {
        String context = archive.substring(0, archive.lastIndexOf('.'));
        await(
                DEPLOYED_WITHIN,
                archive + " is not deployed",
                () -> http.answers("/" + context + "/ready"),
                () -> kind.failure(site, console().substring(logged), archive));
    }

    void undeploy(String archive) {
        String context = archive.substring(0, archive.lastIndexOf('.'));
        try {
            Files.delete(kind.deployments(site).resolve(archive));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot undeploy " + archive, e);
        }
        await(
                DEPLOYED_WITHIN,
                archive + " is not undeployed",
                () -> !http.answers("/" + context + "/ready"),
                Optional::empty);
    }

    /** Takes away what did not come up, so that the server does not try it again. */
    void withdraw(String archive) {
        try {
            Files.deleteIfExists(kind.deployments(site).resolve(archive));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot withdraw " + archive, e);
        }
    }

    private void await(Duration limit, String problem, BooleanSupplier condition, Supplier<Optional<String>> failure) {
        Awaiting.until(
                limit,
                () -> {
                    if (!process.isRunning()) {
                        throw new IllegalStateException(problem + ": the server's process has ended." + endOfLog());
                    }
                    failure.get().ifPresent(reason -> {
                        throw new IllegalStateException(problem + ": " + reason + endOfLog());
                    });
                    return condition.getAsBoolean();
                },
                () -> problem + " within " + limit.toSeconds() + " s." + endOfLog());
    }

    /** What the server wrote since it was started. */
    public String console() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String endOfLog() {
        List<String> lines = console().lines().toList();
        int from = Math.max(0, lines.size() - LOG_LINES_SHOWN);
        return " The end of " + log + ":\n" + String.join("\n", lines.subList(from, lines.size()));
    }

    private static long since(long startNs) {
        return Duration.ofNanos(System.nanoTime() - startNs).toMillis();
    }
}
