package io.posthorn.examples.benchmark.provider;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Posthorn from its runnable jar, with nothing configured but port and data. */
public record Posthorn() implements Provider {
    @Override
    public String name() {
        return "posthorn";
    }

    @Override
    public List<String> serverArguments(Site site) {
        Path app = site.target().resolve("../../../server/app/target").normalize();
        return List.of(
                "-jar",
                Site.find(app, "posthorn-server-", ".jar").toString(),
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
