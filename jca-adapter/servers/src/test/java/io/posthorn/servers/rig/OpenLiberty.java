package io.posthorn.servers.rig;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Open Liberty, with a user folder of its own. */
final class OpenLiberty implements ServerKind {

    private static final String SERVER = "usr/servers/defaultServer";

    private static final List<String> APPLICATIONS = List.of("definitions", "faulty", "unknown-type", "no-destination");
    private static final List<String> BEANS = List.of(
            "faulty/Healthy",
            "faulty/Refused",
            "faulty/Thrower",
            "faulty/Unreachable",
            "unknown-type/Picky",
            "no-destination/Picky");

    /** CWWKZ0002E and its like: an application that does not start. */
    private static final Pattern FAILURE = Pattern.compile("CWWKZ0002E.*|CWWKZ0004E.*");

    @Override
    public int httpPort() {
        return 9080;
    }

    @Override
    public int[] otherPorts() {
        return new int[0];
    }

    @Override
    public void configure(Site site, Path log) {
        site.install("server.xml", SERVER + "/server.xml");
        site.installRar(SERVER + "/posthorn.rar");
        site.write(SERVER + "/configDropins/overrides/test.xml", additions(site));
    }

    /**
     * What the guide need not show: the port, and the other applications of the tests with their beans. On the console is what is in {@code
     * messages.log}: which bean an activation belongs to is said there only (CNTR0180I).
     */
    private String additions(Site site) {
        StringBuilder text = new StringBuilder("<server><httpEndpoint id=\"defaultHttpEndpoint\" httpPort=\"")
                .append(site.port(httpPort()))
                .append("\" httpsPort=\"-1\" />")
                .append("<logging consoleLogLevel=\"INFO\" />");
        APPLICATIONS.forEach(name -> text.append("<application location=\"" + name + ".war\" />"));
        BEANS.forEach(
                id -> text.append("<jmsActivationSpec id=\"" + id + "\"><properties.posthorn /></jmsActivationSpec>"));
        return text.append("</server>").toString();
    }

    @Override
    public List<String> command(Site site) {
        return List.of("sh", site.distribution().resolve("bin/server").toString(), "run", "defaultServer");
    }

    @Override
    public Map<String, String> environment(Site site) {
        return Map.of("WLP_USER_DIR", site.home().resolve("usr").toString());
    }

    @Override
    public boolean isUp(Site site, String log) {
        return log.contains("CWWKF0011I");
    }

    @Override
    public Path deployments(Site site) {
        return site.home().resolve(SERVER + "/apps");
    }

    @Override
    public Optional<String> failure(Site site, String log, String archive) {
        return FAILURE.matcher(log).results().map(found -> found.group()).findFirst();
    }
}
