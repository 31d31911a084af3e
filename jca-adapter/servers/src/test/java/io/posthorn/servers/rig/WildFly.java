package io.posthorn.servers.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** WildFly, in a base folder of its own; configured offline by the command line tool. */
class WildFly implements ServerKind {

    private static final Duration CONFIGURED_WITHIN = Duration.ofSeconds(90);

    @Override
    public int httpPort() {
        return 8080;
    }

    @Override
    public int[] otherPorts() {
        return new int[] {9990, 8443, 4712, 4713, 3528, 3529};
    }

    @Override
    public void configure(Site site, Path log) {
        site.installRar("standalone/deployments/posthorn.rar");
        configureByScript(site, log, Map.of());
    }

    /** With the guide's script for the command line tool; {@code environment} is the server's. */
    static void configureByScript(Site site, Path log, Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("JAVA_OPTS", "-Djboss.server.base.dir=" + base(site));
        site.copyFolder("standalone", "standalone");
        Path script = site.install("posthorn.cli", "posthorn.cli");
        ProcessGroup.run(
                List.of(
                        "sh",
                        site.distribution().resolve("bin/jboss-cli.sh").toString(),
                        "--file=" + script,
                        "-Djboss.server.base.dir=" + base(site)),
                variables,
                site.home(),
                log,
                CONFIGURED_WITHIN);
    }

    @Override
    public List<String> command(Site site) {
        return List.of(
                "sh",
                site.distribution().resolve("bin/standalone.sh").toString(),
                "-c",
                "standalone-full.xml",
                "-Djboss.server.base.dir=" + base(site),
                "-Djboss.socket.binding.port-offset=" + site.portOffset(),
                // Recovery looks every two minutes otherwise, and only then asks who began what it found.
                "-DRecoveryEnvironmentBean.periodicRecoveryPeriod=5",
                "-DRecoveryEnvironmentBean.recoveryBackoffPeriod=2",
                "-DJTAEnvironmentBean.orphanSafetyInterval=2000");
    }

    @Override
    public Map<String, String> environment(Site site) {
        return Map.of();
    }

    @Override
    public boolean isUp(Site site, String log) {
        return log.contains("WFLYSRV0025") || log.contains("WFLYSRV0026");
    }

    @Override
    public Path deployments(Site site) {
        return base(site).resolve("deployments");
    }

    @Override
    public Optional<String> failure(Site site, String log, String archive) {
        Path marker = deployments(site).resolve(archive + ".failed");
        try {
            return Files.exists(marker) ? Optional.of(Files.readString(marker)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path base(Site site) {
        return site.home().resolve("standalone");
    }
}
