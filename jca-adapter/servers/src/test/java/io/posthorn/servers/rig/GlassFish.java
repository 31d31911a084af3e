package io.posthorn.servers.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** GlassFish and Payara, with a domain of its own; configured by {@code asadmin} while it runs. */
final class GlassFish implements ServerKind {

    private static final String DOMAIN = "domains/domain1";
    private static final Duration STARTED_WITHIN = Duration.ofSeconds(180);
    private static final Duration CONFIGURED_WITHIN = Duration.ofSeconds(180);
    private static final Pattern PORT = Pattern.compile("port=\"(\\d+)\"");

    @Override
    public int httpPort() {
        return 8080;
    }

    @Override
    public int[] otherPorts() {
        return new int[] {4848, 8181, 7676, 3700, 3820, 3920, 8686, 6666, 4900, 5900};
    }

    @Override
    public void configure(Site site, Path log) {
        site.copyFolder("glassfish/domains", "domains");
        shiftPorts(site);
        // Of its transaction log. Without it the server does not recover at its start, and it makes it with its first
        // commit in two phases.
        site.makeFolders(DOMAIN + "/logs/server/tx");
        site.installRar("posthorn.rar");
        Path script = site.install("posthorn.asadmin", "posthorn.asadmin");
        ProcessGroup domain = ProcessGroup.start(command(site), environment(site), site.home(), log);
        try {
            Awaiting.until(
                    STARTED_WITHIN,
                    () -> domain.isRunning() && isUp(site, read(log)),
                    () -> "The domain is not up, see " + log);
            ProcessGroup.run(
                    List.of(
                            "sh",
                            asadmin(site),
                            "--port",
                            Integer.toString(site.port(4848)),
                            "multimode",
                            "--file",
                            script.toString()),
                    environment(site),
                    site.home(),
                    site.home().resolve("asadmin.log"),
                    CONFIGURED_WITHIN);
            ProcessGroup.run(
                    List.of(
                            "sh",
                            asadmin(site),
                            "stop-domain",
                            "--domaindir",
                            site.home().resolve("domains").toString(),
                            "domain1"),
                    environment(site),
                    site.home(),
                    site.home().resolve("asadmin.log"),
                    CONFIGURED_WITHIN);
        } finally {
            domain.kill();
        }
    }

    private void shiftPorts(Site site) {
        site.edit(
                DOMAIN + "/config/domain.xml",
                text -> PORT.matcher(text)
                        .replaceAll(found -> "port=\"" + site.port(Integer.parseInt(found.group(1))) + "\""));
    }

    private static String asadmin(Site site) {
        return site.distribution().resolve("bin/asadmin").toString();
    }

    @Override
    public List<String> command(Site site) {
        return List.of(
                "sh",
                asadmin(site),
                "start-domain",
                "--verbose",
                "--domaindir",
                site.home().resolve("domains").toString(),
                "domain1");
    }

    @Override
    public Map<String, String> environment(Site site) {
        return Map.of();
    }

    @Override
    public boolean isUp(Site site, String log) {
        return log.contains("NCLS-CORE-00017") || log.contains("startup time :");
    }

    @Override
    public Path deployments(Site site) {
        return site.home().resolve(DOMAIN + "/autodeploy");
    }

    @Override
    public Optional<String> failure(Site site, String log, String archive) {
        Path marker = deployments(site).resolve(archive + "_deployFailed");
        return Files.exists(marker) ? Optional.of(marker + " is there") : Optional.empty();
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
