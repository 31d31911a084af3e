package io.posthorn.engine;

import io.posthorn.engine.url.ServerAddress;
import io.posthorn.engine.url.ServerAddress.Scheme;
import io.posthorn.engine.url.TlsOptions;
import io.posthorn.engine.url.UrlKey;
import io.posthorn.engine.url.UrlText;
import io.posthorn.engine.url.UrlValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A parsed connection URL: {@code tcp://host:7660?key=value}, lists of addresses, {@code ssl://}, {@code vm://name},
 * {@code failover:(a,b)?key=value}. Immutable; two are equal when their texts are.
 */
public final class ServerUrl {

    /** The port that is used when a URL names none. */
    public static final int DEFAULT_PORT = 7660;

    private final String text;
    private final List<ServerAddress> addresses;
    private final UrlValues values;
    private final ConnectionOptions options;
    private final boolean useCompression;
    private final int largeMessageSize;
    private final TlsOptions tls;
    private final Map<String, String> vmOptions;

    private ServerUrl(String text, UrlText parts) {
        this.text = text;
        this.values = parts.values();
        this.addresses = withTls(parts);
        checkScopes(parts);
        this.options = connectionOptions(values);
        this.useCompression = values.flag(UrlKey.USE_COMPRESSION, false);
        this.largeMessageSize = (int) values.size(UrlKey.LARGE_MESSAGE_SIZE, 64 << 10, 1 << 30, 1 << 20);
        this.tls = addresses.stream().anyMatch(address -> address.scheme() == Scheme.SSL) ? tlsOptions(values) : null;
        this.vmOptions = vmOptions(values);
    }

    /**
     * Parses. Whatever is wrong is an {@link IllegalArgumentException}: an unknown option is named with the nearest known
     * one, a bad value with its option and the form that was expected. No error shows a password.
     */
    public static ServerUrl parse(String text) {
        String stripped = text.strip();
        return new ServerUrl(stripped, new UrlText(stripped, DEFAULT_PORT));
    }

    /** The text that was parsed, with its passwords. Not for logs. */
    public String text() {
        return text;
    }

    /** In the order of the text; at least one. */
    public List<ServerAddress> addresses() {
        return addresses;
    }

    /** Null when the URL has none, as the next ones. */
    public String user() {
        return values.text(UrlKey.USER);
    }

    public String password() {
        return values.text(UrlKey.PASSWORD);
    }

    public String clientId() {
        return values.text(UrlKey.CLIENT_ID);
    }

    /** Which classes object messages may hold, as the client's front reads it; null when the URL does not say. */
    public String deserializationAllowList() {
        return values.text(UrlKey.ALLOW_LIST);
    }

    public boolean useCompression() {
        return useCompression;
    }

    /** How many bytes of a message may be in memory in one piece; longer ones go in pieces, and wait in a file. */
    public int largeMessageSize() {
        return largeMessageSize;
    }

    public ConnectionOptions options() {
        return options;
    }

    /** Whether the server is inside of this JVM; then there is one address. */
    public boolean isVm() {
        return addresses.get(0).scheme() == Scheme.VM;
    }

    /** Empty when no address uses TLS. */
    public Optional<TlsOptions> tls() {
        return Optional.ofNullable(tls);
    }

    /** What a {@code vm://} URL says to its server: those of data, persistent, keep and config that it has. */
    public Map<String, String> vmOptions() {
        return vmOptions;
    }

    /** The text that was parsed, with passwords masked. */
    @Override
    public String toString() {
        return UrlText.masked(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServerUrl url && text.equals(url.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    private List<ServerAddress> withTls(UrlText parts) {
        List<ServerAddress> found = parts.addresses();
        if (!values.has(UrlKey.SSL_ENABLED)) {
            return found;
        }
        boolean enabled = values.flag(UrlKey.SSL_ENABLED, false);
        boolean vm = found.get(0).scheme() == Scheme.VM;
        if (enabled && vm) {
            throw parts.wrong("sslEnabled=true has no meaning with vm://, where no byte leaves the JVM");
        }
        if (!enabled && found.stream().anyMatch(address -> address.scheme() == Scheme.SSL)) {
            throw parts.wrong("sslEnabled=false contradicts ssl://; write tcp:// to connect without TLS");
        }
        return enabled
                ? found.stream()
                        .map(address -> new ServerAddress(Scheme.SSL, address.host(), address.port()))
                        .toList()
                : found;
    }

    /** An option that would silently do nothing is refused: who names a trust store expects TLS. */
    private void checkScopes(UrlText parts) {
        boolean tlsUsed = addresses.stream().anyMatch(address -> address.scheme() == Scheme.SSL);
        for (UrlKey key : UrlKey.values()) {
            if (!values.has(key)) {
                continue;
            }
            if (key.scope() == UrlKey.Scope.VM && !isVm()) {
                throw parts.wrong("option " + key.text() + " is for vm:// only");
            }
            if (key.scope() == UrlKey.Scope.TLS && !tlsUsed && !values.has(UrlKey.SSL_ENABLED)) {
                throw parts.wrong("option " + key.text() + " is for TLS; write ssl:// or add sslEnabled=true");
            }
        }
    }

    private static ConnectionOptions connectionOptions(UrlValues values) {
        ConnectionOptions otherwise = ConnectionOptions.defaults();
        long timeMax = ConnectionOptions.TIME_MAX_MS;
        long firstDelayMs =
                values.timeMs(UrlKey.INITIAL_RECONNECT_DELAY, 1, timeMax, otherwise.initialReconnectDelayMs());
        return new ConnectionOptions(
                values.number(UrlKey.PREFETCH, 0, ConnectionOptions.PREFETCH_MAX, otherwise.prefetch()),
                values.timeMs(UrlKey.CONNECT_TIMEOUT, 1, timeMax, otherwise.connectTimeoutMs()),
                values.timeMs(UrlKey.REQUEST_TIMEOUT, 1, timeMax, otherwise.requestTimeoutMs()),
                values.timeMs(UrlKey.CLOSE_TIMEOUT, 0, timeMax, otherwise.closeTimeoutMs()),
                values.timeMs(UrlKey.RECONNECT_TIMEOUT, 0, timeMax, otherwise.reconnectTimeoutMs()),
                values.number(UrlKey.MAX_RECONNECT_ATTEMPTS, -1, Integer.MAX_VALUE, otherwise.maxReconnectAttempts()),
                firstDelayMs,
                values.timeMs(
                        UrlKey.MAX_RECONNECT_DELAY,
                        firstDelayMs,
                        timeMax,
                        Math.max(firstDelayMs, otherwise.maxReconnectDelayMs())),
                values.flag(UrlKey.RANDOMIZE, otherwise.randomize()),
                values.timeMs(UrlKey.HEARTBEAT, 0, timeMax, otherwise.heartbeatMs()),
                values.size(UrlKey.WINDOW_BYTES, 1, ConnectionOptions.WINDOW_MAX_BYTES, otherwise.windowBytes()),
                values.number(
                        UrlKey.INITIAL_CONNECT_ATTEMPTS, -1, Integer.MAX_VALUE, otherwise.initialConnectAttempts()),
                values.timeMs(UrlKey.INITIAL_CONNECT_TIMEOUT, 0, timeMax, otherwise.initialConnectTimeoutMs()),
                values.timeMs(UrlKey.ACKNOWLEDGEMENT_LAG, 0, timeMax, otherwise.acknowledgementLagMs()));
    }

    private static TlsOptions tlsOptions(UrlValues values) {
        return new TlsOptions(
                values.text(UrlKey.TRUST_STORE),
                values.text(UrlKey.TRUST_STORE_PASSWORD),
                values.text(UrlKey.TRUST_CERTIFICATES),
                values.text(UrlKey.KEY_STORE),
                values.text(UrlKey.KEY_STORE_PASSWORD),
                values.flag(UrlKey.VERIFY_HOST, true));
    }

    private static Map<String, String> vmOptions(UrlValues values) {
        values.flag(UrlKey.PERSISTENT, true);
        values.flag(UrlKey.KEEP, false);
        Map<String, String> found = new LinkedHashMap<>();
        for (UrlKey key : UrlKey.values()) {
            if (key.scope() == UrlKey.Scope.VM && values.has(key)) {
                found.put(key.text(), values.text(key));
            }
        }
        return Map.copyOf(found);
    }
}
