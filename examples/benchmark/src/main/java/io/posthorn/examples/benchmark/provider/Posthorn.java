package io.posthorn.examples.benchmark.provider;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Posthorn from its runnable jar, with nothing configured but port and data.
 *
 * @param name {@link #NAME} for the build at hand; {@link #BASELINE} for one that was put aside
 */
public record Posthorn(String name) implements Provider {
    static final String NAME = "posthorn";

    /** An earlier build: the client's jars in {@code target/providers/baseline}, the server's in {@code server} below. */
    static final String BASELINE = "baseline";

    static boolean hasBaseline() {
        return Files.isDirectory(Site.findTarget().resolve("providers").resolve(BASELINE));
    }

    @Override
    public List<String> serverArguments(Site site) {
        Path folder = name.equals(BASELINE)
                ? site.jars(this).resolve("server")
                : site.target().resolve("../../../server/app/target").normalize();
        return List.of(
                "-jar",
                Site.find(folder, "posthorn-server-", ".jar").toString(),
                "run",
                "--port",
                String.valueOf(site.port()),
                "--data",
                site.folder().resolve("data").toString());
    }

    @Override
    public Map<String, String> jndi(int port) {
        return Map.of(
                "java.naming.factory.initial",
                "io.posthorn.jms.PosthornInitialContextFactory",
                "java.naming.provider.url",
                "tcp://127.0.0.1:" + port);
    }
}
