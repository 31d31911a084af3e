package io.posthorn.tck.crashes;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server, its clients, and their end at random moments, in rounds: each round has its own client processes and diaries, ends with
 * everything taken, is judged, and its diaries are deleted when nothing is wrong, so that a long run needs no more room than a short
 * one. The server's data goes from round to round.
 */
final class CrashRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CrashRun.class);

    /** Small, so that segments come and go, and checkpoints are taken, all the time. */
    private static final List<String> SETTINGS =
            List.of("journal.segment-bytes=4MiB", "checkpoint-bytes=4MiB", "resume-window=20s");

    private static final String CLIENT_OPTIONS =
            "?initialReconnectDelay=10&maxReconnectDelay=200&connectTimeout=5s&requestTimeout=120s";

    private static final long DATA_BYTES_MAX = 1L << 30;
    private static final Duration ROUND_MAX = Duration.ofSeconds(90);
    private static final int END_MS = 150_000;
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(60);

    private final Path folder;
    private final long seed;
    private final Random chance;
    private final CrashReport report = new CrashReport();
    private final List<String> violations = new ArrayList<>();
    private final List<ClientProcess> clients = new ArrayList<>();
    private final ServerProcess server;

    CrashRun(Path folder, long seed) {
        this.folder = folder;
        this.seed = seed;
        this.chance = new Random(seed);
        ServerCommand command = ServerCommand.ofConfiguredJar(folder.resolve("server"))
                .withJvmOption("-XX:TieredStopAtLevel=1")
                .withJvmOption("-Xmx256m")
                // without a pause before another attempt, so that all must come in order however often it was rolled
                // back
                .withEnvironment("POSTHORN_DESTINATIONS", "[{match: \"*\", redelivery-delay: 0s}]");
        for (String setting : SETTINGS) {
            command = command.withOption("--set").withOption(setting);
        }
        server = ServerProcess.start(command);
    }

    /** Runs for so long; what is wrong is in the result. */
    List<String> run(Duration length) throws InterruptedException, IOException, JMSException {
        LOG.info("Processes are killed for {} with seed {}, in {}", length, seed, folder);
        subscribe();
        long endNs = System.nanoTime() + length.toNanos();
        for (int round = 1; violations.isEmpty() && (round == 1 || System.nanoTime() - endNs < 0); round++) {
            long leftNs = Math.max(TimeUnit.SECONDS.toNanos(10), endNs - System.nanoTime());
            play(round, Math.min(leftNs, ROUND_MAX.toNanos()));
        }
        LOG.info("Seed {}: {}", seed, report);
        Files.writeString(folder.resolve("report.md"), report.page(seed, length, violations));
        return violations;
    }

    /** So that no message is older than its subscription. */
    private void subscribe() throws JMSException {
        for (Role role : List.of(Role.NEWS_READER_1, Role.NEWS_READER_2)) {
            try (Connection connection = new PosthornConnectionFactory(server.url()).createConnection()) {
                connection.setClientID(role.name());
                connection
                        .createSession()
                        .createDurableConsumer(Role.Places.NEWS, role.name())
                        .close();
            }
        }
    }

    private void play(int round, long lengthNs) throws InterruptedException, IOException, JMSException {
        Path diaries = Files.createDirectories(folder.resolve("round-" + round));
        clients.clear();
        for (String name : Role.processes()) {
            clients.add(new ClientProcess(name, server.url() + CLIENT_OPTIONS, diaries, round, seed + round));
        }
        clients.forEach(ClientProcess::start);
        kill(lengthNs);
        boolean ended = stop(diaries, Scene.STOP_SENDERS, true);
        awaitAll(diaries);
        ended &= stop(diaries, Scene.STOP_TAKERS, false);
        Judge judge = new Judge(diaries);
        violations.addAll(judge.violations());
        violations.addAll(judge.missing());
        if (ended) {
            checkLeftovers();
        }
        report.round(judge.tallies(), bytesOfData());
        if (violations.isEmpty()) {
            delete(diaries);
        }
        LOG.info("After round {}: {}", round, report);
    }

    /** Ends with the server's end: what dead clients held is free then, and nothing has to wait for the resume window. */
    private void kill(long lengthNs) throws InterruptedException {
        long endNs = System.nanoTime() + lengthNs;
        while (System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + chance.nextInt(3_500)));
            int what = chance.nextInt(20);
            if (what < 4) {
                killClient();
            } else if (what < 5) {
                killClient();
                killServer();
            } else if (what < 6) {
                report.stop();
                server.stop();
                restart();
            } else if (what < 9) {
                killServer();
                killDuringStart();
            } else {
                killServer();
            }
        }
        killServer();
    }

    private void killServer() {
        server.kill();
        report.kill();
        restart();
    }

    /** The server ends again before it is ready, or shortly after. */
    private void killDuringStart() {
        server.kill();
        report.kill();
        CompletableFuture<Void> starting = CompletableFuture.runAsync(server::restart);
        while (!server.isRunning() && !starting.isDone()) {
            Thread.onSpinWait();
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(chance.nextInt(1_500)));
        server.kill();
        report.killDuringStart();
        try {
            starting.join();
        } catch (CompletionException itDidNotGetReady) {
            LOG.debug("Killed before it was ready", itDidNotGetReady);
        }
        restart();
    }

    private void restart() {
        long startNs = System.nanoTime();
        server.restart();
        report.restarted(System.nanoTime() - startNs);
    }

    private void killClient() throws InterruptedException {
        ClientProcess client = clients.get(chance.nextInt(clients.size()));
        if (client.isRunning()) {
            client.kill();
            report.killClient();
            client.start();
        }
    }

    /** Has senders or takers end by themselves; true when they do. */
    private boolean stop(Path diaries, String sign, boolean senders) throws IOException, InterruptedException {
        Files.createFile(diaries.resolve(sign));
        boolean ended = true;
        for (ClientProcess client : clients) {
            if (client.sends() == senders) {
                Integer status = client.await(END_MS);
                if (status == null || status != 0) {
                    ended = false;
                    violations.add(client.name() + (status == null ? " does not end" : " ended with status " + status)
                            + "; see " + diaries);
                    client.end();
                }
            }
        }
        return ended;
    }

    /** Waits until all that was sent is finished, or nothing moves any more. */
    private void awaitAll(Path diaries) throws IOException {
        long bytes = -1;
        long sinceNs = System.nanoTime();
        while (System.nanoTime() - sinceNs < QUIET_NS) {
            Judge judge = new Judge(diaries);
            if (!judge.violations().isEmpty() || judge.missing().isEmpty()) {
                return;
            }
            long now = bytesOf(diaries);
            if (now != bytes) {
                bytes = now;
                sinceNs = System.nanoTime();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
        }
    }

    private void checkLeftovers() throws JMSException {
        try (XAConnection connection = new PosthornXAConnectionFactory(server.url()).createXAConnection()) {
            connection.start();
            Session session = connection.createSession();
            for (String name : Role.Places.QUEUES) {
                QueueBrowser browser = session.createBrowser(session.createQueue(name));
                int count = 0;
                for (var left = browser.getEnumeration(); left.hasMoreElements(); left.nextElement()) {
                    count++;
                }
                if (count > 0) {
                    violations.add(count + " messages are left on " + name);
                }
            }
            int prepared = connection
                    .createXASession()
                    .getXAResource()
                    .recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN)
                    .length;
            if (prepared > 0) {
                violations.add(prepared + " branches are left prepared");
            }
        } catch (XAException e) {
            violations.add("The branches cannot be asked for: " + e.errorCode);
        }
    }

    private long bytesOfData() throws IOException {
        long bytes = bytesOf(server.data());
        if (bytes > DATA_BYTES_MAX) {
            violations.add("The server keeps " + bytes + " bytes, and all has been taken");
        }
        return bytes;
    }

    private static long bytesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toFile).mapToLong(java.io.File::length).sum();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        clients.forEach(ClientProcess::end);
        server.close();
    }
}
