package io.posthorn.servers.rig;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** TomEE, with a base folder of its own. */
final class TomEe implements ServerKind {

    private static final Pattern FAILURE =
            Pattern.compile("Error deploying web application archive.*|Context \\[.*\\] startup failed.*");

    @Override
    public int httpPort() {
        return 8080;
    }

    @Override
    public int[] otherPorts() {
        return new int[] {8005};
    }

    @Override
    public void configure(Site site, Path log) {
        site.copyFolder("conf", "conf");
        site.makeFolders("temp", "logs", "work", "webapps");
        site.edit(
                "conf/server.xml",
                text -> text.replace("port=\"8080\"", "port=\"" + site.port(8080) + "\"")
                        .replace("port=\"8005\"", "port=\"" + site.port(8005) + "\""));
        site.installFromRar("posthorn-ra.jar", "lib/posthorn-ra.jar");
        site.install("tomee.xml", "conf/tomee.xml");
    }

    @Override
    public List<String> command(Site site) {
        return List.of("sh", site.distribution().resolve("bin/catalina.sh").toString(), "run");
    }

    @Override
    public Map<String, String> environment(Site site) {
        return Map.of(
                "CATALINA_BASE",
                site.home().toString(),
                "CATALINA_HOME",
                site.distribution().toString(),
                "CATALINA_OPTS",
                "-Xmx512m");
    }

    @Override
    public boolean isUp(Site site, String log) {
        return log.contains("Server startup in");
    }

    @Override
    public Path deployments(Site site) {
        return site.home().resolve("webapps");
    }

    @Override
    public Optional<String> failure(Site site, String log, String archive) {
        return FAILURE.matcher(log).results().map(found -> found.group()).findFirst();
    }

    @Override
    public Optional<String> withoutRecovery() {
        return Optional.of(
                "TomEE asks no adapter for its interrupted transactions: nothing in it calls doRecovery of the connector"
                        + " that it is built on, and nothing implements its own InboundRecovery; see docs/app-servers/tomee.md");
    }

    /**
     * For {@code @JMSConnectionFactory} TomEE compares the text with the ids of its resources, and looks nothing up. A user in a
     * {@code @JMSConnectionFactoryDefinition} it takes for the password as well.
     */
    @Override
    public Map<String, String> annotationTexts() {
        return Map.of(
                "java:comp/env/jms/Factory",
                "jms/PosthornFactory",
                "java:comp/env/jms/OtherFactory",
                "jms/OtherFactory",
                Rig.USER,
                "");
    }
}
