package io.posthorn.servers.rig;

import java.nio.file.Path;
import java.util.Optional;
import org.jboss.arquillian.container.spi.ConfigurationException;
import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;

/** What the build's profile says about the server under test, by system properties; Arquillian makes one. */
public final class Settings implements ContainerConfiguration {

    @Override
    public void validate() throws ConfigurationException {
        if (System.getProperty("servers.kind") == null) {
            throw new ConfigurationException(
                    "No server to test: run with the profile of one, such as -Pwildfly; docs/testing.md lists them");
        }
    }

    String kind() {
        return text("kind");
    }

    Path distribution() {
        return Path.of(text("distribution"));
    }

    Path configuration() {
        return Path.of(text("configuration"));
    }

    Path home() {
        return Path.of(text("home"));
    }

    Path rar() {
        return Path.of(text("rar"));
    }

    /** The classes of another provider, as a folder of jars or a RAR, where the profile names them. */
    Optional<Path> foreign() {
        String value = text("foreign");
        return "none".equals(value) ? Optional.empty() : Optional.of(Path.of(value));
    }

    private static String text(String name) {
        String value = System.getProperty("servers." + name);
        if (value == null) {
            throw new IllegalStateException("The system property servers." + name + " is not set");
        }
        return value;
    }
}
