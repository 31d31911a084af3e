package io.posthorn.examples.benchmark.provider;

import java.util.List;
import java.util.Map;

/** ActiveMQ Classic on KahaDB, with its own defaults; it stores and dispatches concurrently. */
public record Classic() implements Provider {
    @Override
    public String name() {
        return "classic";
    }

    @Override
    public List<String> serverArguments(Site site) {
        return List.of(
                "-cp",
                site.classPath(this),
                "org.apache.activemq.console.command.ShellCommand",
                "start",
                "broker:(tcp://127.0.0.1:" + site.port() + "?maximumConnections=20000)?useJmx=false&persistent=true"
                        + "&dataDirectory=" + site.folder().resolve("data"));
    }

    @Override
    public Map<String, String> jndi(int port) {
        return Map.of(
                "java.naming.factory.initial", "org.apache.activemq.jndi.ActiveMQInitialContextFactory",
                "java.naming.provider.url", "tcp://127.0.0.1:" + port,
                "connectionFactoryNames", "ConnectionFactory,XAConnectionFactory",
                "connection.XAConnectionFactory.xa", "true");
    }

    @Override
    public boolean sendsAsynchronously() {
        return false;
    }
}
