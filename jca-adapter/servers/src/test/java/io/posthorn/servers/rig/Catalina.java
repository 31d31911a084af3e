package io.posthorn.servers.rig;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tomcat and what is built on it, with a base folder of its own: what all of them share. */
abstract class Catalina implements ServerKind {

    private static final Pattern FAILURE =
            Pattern.compile("Error deploying web application archive.*|Context \\[.*\\] startup failed.*"
                    + "|marked the component \\[.*\\] as unavailable.*");

    private final int heapMegabytes;

    Catalina(int heapMegabytes) {
        this.heapMegabytes = heapMegabytes;
    }

    /** Puts the provider into a base folder that has the server's own configuration. */
    abstract void installProvider(Site site);

    @Override
    public final int httpPort() {
        return 8080;
    }

    @Override
    public final int[] otherPorts() {
        return new int[] {8005};
    }

    @Override
    public final void configure(Site site, Path log) {
        site.copyFolder("conf", "conf");
        site.makeFolders("temp", "logs", "work", "webapps");
        site.edit("conf/server.xml", text -> withPort(site, withPort(site, text, 8080), 8005));
        installProvider(site);
    }

    private static String withPort(Site site, String text, int port) {
        return text.replace("port=\"" + port + "\"", "port=\"" + site.port(port) + "\"");
    }

    @Override
    public final List<String> command(Site site) {
        return List.of("sh", site.distribution().resolve("bin/catalina.sh").toString(), "run");
    }

    @Override
    public final Map<String, String> environment(Site site) {
        return Map.of(
                "CATALINA_BASE", site.home().toString(),
                "CATALINA_HOME", site.distribution().toString(),
                "CATALINA_OPTS", "-Xmx" + heapMegabytes + "m");
    }

    @Override
    public final boolean isUp(Site site, String log) {
        return log.contains("Server startup in");
    }

    @Override
    public final Path deployments(Site site) {
        return site.home().resolve("webapps");
    }

    @Override
    public final Optional<String> failure(Site site, String log, String archive) {
        return FAILURE.matcher(log).results().map(found -> found.group()).findFirst();
    }
}
