package io.posthorn.examples.benchmark.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Posthorn from its runnable jar, with nothing configured but port and data.
 *
 * @param name {@link #NAME} for the build at hand, or the name of one that was put aside
 */
public record Posthorn(String name) implements Provider {
    static final String NAME = "posthorn";

    /** Where a build that was put aside has its server's jar; the client's jars are in the folder above. */
    private static final String SERVER = "server";

    /** Beside that jar, one on a line, if there is such a file: options of the server's JVM, so that two can be held against each other. */
    private static final String OPTIONS = "options";

    /** The builds that were put aside in {@code target/providers}. */
    static List<Posthorn> putAside() {
        Path providers = Site.findTarget().resolve("providers");
        if (!Files.isDirectory(providers)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(providers)) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve(SERVER)))
                    .map(folder -> new Posthorn(folder.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot look into " + providers, e);
        }
    }

    @Override
    public List<String> serverArguments(Site site) throws IOException {
        Path folder = name.equals(NAME)
                ? site.target().resolve("../../../server/app/target").normalize()
                : site.jars(this).resolve(SERVER);
        Path options = folder.resolve(OPTIONS);
        List<String> arguments = new ArrayList<>(Files.exists(options) ? Files.readAllLines(options) : List.of());
        arguments.addAll(List.of(
                "-jar",
                Site.find(folder, "posthorn-server-", ".jar").toString(),
                "run",
                "--port",
                String.valueOf(site.port()),
                "--data",
                site.folder().resolve("data").toString()));
        return arguments;
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
