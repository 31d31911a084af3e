package io.posthorn.ra.settings;

import io.posthorn.jms.PosthornXAConnectionFactory;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import java.io.Serializable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The client that comes out of the properties of several beans, the most general first. */
public final class Client {

    /** The properties that are options of the client's URL, under the same names. */
    private static final List<String> URL_OPTIONS = List.of(
            "prefetch",
            "connectTimeout",
            "requestTimeout",
            "reconnectTimeout",
            "maxReconnectAttempts",
            "initialReconnectDelay",
            "maxReconnectDelay",
            "useCompression",
            "sslEnabled",
            "trustStore",
            "trustStorePassword",
            "trustCertificates",
            "keyStore",
            "keyStorePassword",
            "verifyHost");

    private static final String URL = "url";

    private static final List<String> OTHERS =
            List.of(URL, "userName", "password", "clientId", "deserializationAllowList");

    private final Map<String, Serializable> merged = new TreeMap<>();

    private Client() {}

    /** What {@code first} says, unless the next one says something else, and so on; those that are null say nothing. */
    public static Client of(ConnectionProperties... beans) {
        Client client = new Client();
        for (ConnectionProperties bean : beans) {
            if (bean != null) {
                bean.given().forEach((name, value) -> {
                    if (isOfConnections(name)) {
                        client.merged.put(name, value);
                    }
                });
            }
        }
        return client;
    }

    private static boolean isOfConnections(String name) {
        return OTHERS.contains(name) || URL_OPTIONS.contains(name);
    }

    /** The user of connections for whom no other is given, or null. */
    public String userName() {
        return (String) merged.get("userName");
    }

    public String password() {
        return (String) merged.get("password");
    }

    /** Whether it is known where the server is. */
    public boolean hasUrl() {
        return merged.containsKey(URL);
    }

    /** The same without a client identifier, of which the server admits one connection at a time. */
    public Client anonymous() {
        Client client = new Client();
        client.merged.putAll(merged);
        client.merged.remove("clientId");
        return client;
    }

    /**
     * A factory of connections.
     *
     * @throws ResourceException when there is no URL, or something in it or in an option is wrong; the text names it
     */
    public PosthornXAConnectionFactory factory() throws ResourceException {
        String url = (String) merged.get(URL);
        if (url == null) {
            throw new InvalidPropertyException(
                    "the property url is not set, neither on the resource adapter nor where it is used;"
                            + " set it to where the server is, such as tcp://host:7660");
        }
        try {
            PosthornXAConnectionFactory factory =
                    new PosthornXAConnectionFactory(withOptions(url), userName(), password());
            factory.setClientID((String) merged.get("clientId"));
            String allowList = (String) merged.get("deserializationAllowList");
            if (allowList != null) {
                factory.setDeserializationAllowList(allowList);
            }
            return factory;
        } catch (IllegalArgumentException e) {
            throw new InvalidPropertyException(e.getMessage(), e);
        }
    }

    /** The URL, in which the properties take the place of options of the same names. */
    private String withOptions(String url) {
        int question = url.indexOf('?');
        Map<String, String> options = new LinkedHashMap<>();
        String query = question < 0 ? "" : url.substring(question + 1);
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            options.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals));
        }
        options.remove("");
        for (String name : URL_OPTIONS) {
            Serializable value = merged.get(name);
            if (value != null) {
                String encoded = URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
                options.put(name, "=" + encoded.replace("+", "%20"));
            }
        }
        StringBuilder text = new StringBuilder(question < 0 ? url : url.substring(0, question));
        char separator = '?';
        for (Map.Entry<String, String> option : options.entrySet()) {
            text.append(separator).append(option.getKey()).append(option.getValue());
            separator = '&';
        }
        return text.toString();
    }

    /** Whether the same server is reached in the same way, as the same user. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Client that && merged.equals(that.merged);
    }

    @Override
    public int hashCode() {
        return merged.hashCode();
    }
}
