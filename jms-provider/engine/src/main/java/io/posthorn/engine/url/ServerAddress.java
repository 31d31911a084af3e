package io.posthorn.engine.url;

import java.util.Objects;

/**
 * One place where a server may be.
 *
 * @param scheme how to get there
 * @param host name or IP literal without brackets; the server's name for {@link Scheme#VM}
 * @param port 1 to 65535; 0 for {@link Scheme#VM}
 */
public record ServerAddress(Scheme scheme, String host, int port) {

    public ServerAddress {
        Objects.requireNonNull(scheme, "scheme");
        Objects.requireNonNull(host, "host");
    }

    /** The address as it stands in a URL, without options. */
    @Override
    public String toString() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return scheme.prefix() + name + (scheme == Scheme.VM ? "" : ":" + port);
    }

    /** How to get to a server. */
    public enum Scheme {
        TCP("tcp://"),
        /** Both {@code ssl://} and {@code tls://}. */
        SSL("ssl://"),
        /** Inside of this JVM. */
        VM("vm://");

        private final String prefix;

        Scheme(String prefix) {
            this.prefix = prefix;
        }

        String prefix() {
            return prefix;
        }
    }
}
