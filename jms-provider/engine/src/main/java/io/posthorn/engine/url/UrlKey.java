package io.posthorn.engine.url;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options that a URL may have, under the first of their names. Names are case-sensitive. */
public enum UrlKey {
    USER(Scope.ANY, "user"),
    PASSWORD(Scope.ANY, "password"),
    CLIENT_ID(Scope.ANY, "clientID", "clientId"),
    PREFETCH(Scope.ANY, "prefetch"),
    CONNECT_TIMEOUT(Scope.ANY, "connectTimeout"),
    REQUEST_TIMEOUT(Scope.ANY, "requestTimeout", "sendTimeout"),
    CLOSE_TIMEOUT(Scope.ANY, "closeTimeout"),
    INITIAL_CONNECT_ATTEMPTS(Scope.ANY, "initialConnectAttempts", "startupMaxReconnectAttempts"),
    INITIAL_CONNECT_TIMEOUT(Scope.ANY, "initialConnectTimeout"),
    RECONNECT_TIMEOUT(Scope.ANY, "reconnectTimeout"),
    MAX_RECONNECT_ATTEMPTS(Scope.ANY, "maxReconnectAttempts", "reconnectAttempts"),
    INITIAL_RECONNECT_DELAY(Scope.ANY, "initialReconnectDelay"),
    MAX_RECONNECT_DELAY(Scope.ANY, "maxReconnectDelay"),
    RANDOMIZE(Scope.ANY, "randomize"),
    HEARTBEAT(Scope.ANY, "heartbeat"),
    ACKNOWLEDGEMENT_LAG(Scope.ANY, "acknowledgementLag"),
    WINDOW_BYTES(Scope.ANY, "windowBytes"),
    ALLOW_LIST(Scope.ANY, "deserializationAllowList", "trustedPackages"),
    LARGE_MESSAGE_SIZE(Scope.ANY, "largeMessageSize"),
    USE_COMPRESSION(Scope.ANY, "useCompression"),
    SSL_ENABLED(Scope.ANY, "sslEnabled", "ssl"),
    TRUST_STORE(Scope.TLS, "trustStore"),
    TRUST_STORE_PASSWORD(Scope.TLS, "trustStorePassword"),
    TRUST_CERTIFICATES(Scope.TLS, "trustCertificates"),
    KEY_STORE(Scope.TLS, "keyStore"),
    KEY_STORE_PASSWORD(Scope.TLS, "keyStorePassword"),
    VERIFY_HOST(Scope.TLS, "verifyHost"),
    DATA(Scope.VM, "data"),
    PERSISTENT(Scope.VM, "persistent"),
    KEEP(Scope.VM, "keep"),
    CONFIG(Scope.VM, "config");

    private final Scope scope;
    private final List<String> names;

    UrlKey(Scope scope, String... names) {
        this.scope = scope;
        this.names = List.of(names);
    }

    /** The name that is printed; its aliases mean the same. */
    public String text() {
        return names.get(0);
    }

    /** Where the option has a meaning. */
    public Scope scope() {
        return scope;
    }

    /** Whether a value of it must not be shown. */
    static boolean isSecret(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith("password");
    }

    /** The key of this name; an unknown one is an {@link IllegalArgumentException} that names the nearest and lists all. */
    static UrlKey of(String name) {
        for (UrlKey key : values()) {
            if (key.names.contains(name)) {
                return key;
            }
        }
        String nearest = Arrays.stream(values())
                .flatMap(key -> key.names.stream())
                .min(Comparator.comparingInt(known -> distance(name, known)))
                .orElseThrow();
        boolean near = distance(name, nearest) <= Math.max(2, name.length() / 3);
        throw new IllegalArgumentException("unknown option '" + name + "'"
                + (near ? "; did you mean '" + nearest + "'?" : ";") + " Known are "
                + Stream.of(values()).map(UrlKey::text).collect(Collectors.joining(", ")));
    }

    /** Levenshtein's distance; letters that differ in case only count nothing. */
    private static int distance(String left, String right) {
        int[] above = new int[right.length() + 1];
        for (int j = 0; j < above.length; j++) {
            above[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                boolean same = Character.toLowerCase(left.charAt(i - 1)) == Character.toLowerCase(right.charAt(j - 1));
                row[j] = Math.min(above[j - 1] + (same ? 0 : 1), 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[right.length()];
    }

    /** Where an option has a meaning. */
    public enum Scope {
        ANY,
        /** With TLS. */
        TLS,
        /** With {@code vm://}. */
        VM
    }
}
