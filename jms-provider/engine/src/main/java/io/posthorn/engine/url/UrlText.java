package io.posthorn.engine.url;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes the text of a URL apart: {@code SCHEME://HOST:PORT,...?key=value&...}, or the list of addresses in brackets, with
 * or without {@code failover:} before them. An {@link IllegalArgumentException} says what is wrong without showing a
 * password.
 */
public final class UrlText {

    private static final String FAILOVER = "failover:";
    private static final Pattern USER_INFO = Pattern.compile("//[^/@?,]*@");

    private final String text;
    private final int defaultPort;
    private final List<ServerAddress> addresses;
    private final Map<UrlKey, String> values = new EnumMap<>(UrlKey.class);

    /** Parses {@code text}; {@code defaultPort} is for addresses without one. */
    public UrlText(String text, int defaultPort) {
        this.text = text;
        this.defaultPort = defaultPort;
        String rest = text.startsWith(FAILOVER) ? text.substring(FAILOVER.length()) : text;
        if (rest.startsWith("//(")) {
            rest = rest.substring(2);
        }
        boolean bracketed = rest.startsWith("(");
        int end = bracketed ? rest.indexOf(')') : rest.indexOf('?');
        if (bracketed && end < 0) {
            throw wrong("its '(' has no ')'");
        }
        String list = end < 0 ? rest : rest.substring(bracketed ? 1 : 0, end);
        if (list.indexOf('?') >= 0) {
            throw wrong(
                    "options go behind the closing bracket, since they hold for the connection and not for one address");
        }
        addresses = readAddresses(list, bracketed);
        readOptions(end < 0 ? "" : rest.substring(bracketed ? end + 1 : end));
    }

    public List<ServerAddress> addresses() {
        return addresses;
    }

    public UrlValues values() {
        return new UrlValues(values, this::wrong);
    }

    /** The text with every password masked; works for any text. */
    public static String masked(String text) {
        String shown = USER_INFO.matcher(text).replaceAll("//***@");
        int question = shown.indexOf('?');
        if (question < 0) {
            return shown;
        }
        StringBuilder masked = new StringBuilder(shown.substring(0, question));
        char separator = '?';
        for (String pair : shown.substring(question + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            boolean secret = equals > 0 && UrlKey.isSecret(decodedLeniently(pair.substring(0, equals)));
            masked.append(separator).append(secret ? pair.substring(0, equals + 1) + "***" : pair);
            separator = '&';
        }
        return masked.toString();
    }

    /** An error that names the URL. */
    public IllegalArgumentException wrong(String problem) {
        return new IllegalArgumentException("the connection URL '" + masked(text) + "' is wrong: " + problem);
    }

    private List<ServerAddress> readAddresses(String list, boolean bracketed) {
        List<ServerAddress> found = new ArrayList<>();
        ServerAddress.Scheme scheme = bracketed ? ServerAddress.Scheme.TCP : null;
        for (String part : list.split(",", -1)) {
            String address = part.strip();
            int colon = address.indexOf("://");
            if (colon >= 0) {
                scheme = scheme(address.substring(0, colon));
                address = address.substring(colon + 3);
            }
            if (scheme == null) {
                throw wrong("it has no scheme; write for instance tcp://127.0.0.1:" + defaultPort);
            }
            found.add(scheme == ServerAddress.Scheme.VM ? vm(address) : network(scheme, address));
        }
        boolean vm = found.stream().anyMatch(address -> address.scheme() == ServerAddress.Scheme.VM);
        if (vm && found.size() > 1) {
            throw wrong("a vm:// address stands alone");
        }
        return List.copyOf(found);
    }

    private ServerAddress.Scheme scheme(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "tcp" -> ServerAddress.Scheme.TCP;
            case "ssl", "tls" -> ServerAddress.Scheme.SSL;
            case "vm" -> ServerAddress.Scheme.VM;
            default -> throw wrong("the scheme '" + name + "' is unknown; known are tcp, ssl, tls and vm");
        };
    }

    private ServerAddress vm(String address) {
        String name = withoutSlash(address);
        if (!name.matches("[A-Za-z0-9._-]+")) {
            throw wrong("the name of a vm:// server has letters, digits, '.', '_' and '-', and at least one of them");
        }
        return new ServerAddress(ServerAddress.Scheme.VM, name, 0);
    }

    private ServerAddress network(ServerAddress.Scheme scheme, String address) {
        String authority = withoutSlash(address);
        if (authority.indexOf('@') >= 0) {
            throw wrong("user and password are options: write ?user=...&password=...");
        }
        boolean literal = authority.startsWith("[");
        int hostEnd = literal ? authority.indexOf(']') + 1 : authority.indexOf(':');
        if (hostEnd < 0) {
            hostEnd = authority.length();
        }
        boolean closed = !literal || hostEnd > 0;
        String host = !closed ? authority : authority.substring(literal ? 1 : 0, literal ? hostEnd - 1 : hostEnd);
        String portText = authority.substring(hostEnd);
        if (!literal && portText.indexOf(':', 1) >= 0) {
            throw wrong("an IPv6 address goes in square brackets, such as tcp://[::1]:" + defaultPort);
        }
        if (!host.matches(literal ? "[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?" : "[\\p{L}\\p{N}._-]+")) {
            throw wrong(
                    host.isEmpty() ? "it has an address without a host" : "'" + host + "' is no host name or address");
        }
        return new ServerAddress(scheme, host, port(portText));
    }

    private int port(String portText) {
        if (portText.isEmpty()) {
            return defaultPort;
        }
        int port = portText.matches(":\\d{1,5}") ? Integer.parseInt(portText.substring(1)) : 0;
        if (port < 1 || port > 65535) {
            throw wrong("'" + portText + "' is no port; expected ':' and a number from 1 to 65535");
        }
        return port;
    }

    private void readOptions(String query) {
        if (query.isEmpty()) {
            return;
        }
        if (!query.startsWith("?")) {
            throw wrong("'?' and options, or nothing, is expected behind the closing bracket");
        }
        for (String pair : query.substring(1).split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw wrong(
                        "option '" + pair + "' has no " + (equals == 0 ? "name" : "value") + "; expected name=value");
            }
            readOption(decoded(pair.substring(0, equals), "the name of an option"), pair.substring(equals + 1));
        }
    }

    private void readOption(String name, String value) {
        UrlKey key;
        try {
            key = UrlKey.of(name);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
        if (values.putIfAbsent(key, decoded(value, "option " + name)) != null) {
            throw wrong(
                    "option " + key.text() + (key.text().equals(name) ? "" : " (as " + name + ")") + " is there twice");
        }
    }

    private String decoded(String value, String what) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw wrong(what + " has a '%' without two hexadecimal digits; a '%' itself is written %25");
        }
    }

    private static String decodedLeniently(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private static String withoutSlash(String address) {
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }
}
