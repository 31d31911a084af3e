package io.posthorn.admin.api;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.sun.net.httpserver.HttpExchange;
import io.posthorn.broker.Login;
import io.posthorn.wire.frame.Address;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One request: its path below {@code /api} in parts, its parameters, its body, and who asks. */
final class Call {

    /** What concerns no single destination is allowed to who may administer this name. */
    static final Address SERVER = Address.queue("posthorn.server");

    static final Gson GSON = new Gson();

    private static final int BODY_MAX = 64 << 10;

    private final HttpExchange exchange;
    private final Login login;
    private final List<String> path = new ArrayList<>();
    private final Map<String, String> parameters = new HashMap<>();

    Call(HttpExchange exchange, Login login) {
        this.exchange = exchange;
        this.login = login;
        String below = exchange.getRequestURI().getRawPath().substring("/api".length());
        for (String part : below.split("/", -1)) {
            if (!part.isEmpty()) {
                path.add(decode(part.replace("+", "%2B")));
            }
        }
        String query = exchange.getRequestURI().getRawQuery();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Method and path, with a star for what is a name: {@code GET queues/*}. */
    String shape() {
        StringBuilder shape = new StringBuilder(exchange.getRequestMethod()).append(' ');
        for (int index = 0; index < path.size(); index++) {
            shape.append(index == 0 ? "" : "/").append(index == 1 ? "*" : path.get(index));
        }
        return shape.toString();
    }

    /** The name in the path. */
    String name() {
        return path.get(1);
    }

    /** A parameter, or null. */
    String parameter(String name) {
        return parameters.get(name);
    }

    String required(String name) throws Problem {
        String value = parameters.get(name);
        if (value == null || value.isEmpty()) {
            throw new Problem(400, "the parameter '" + name + "' is needed");
        }
        return value;
    }

    boolean flag(String name) {
        return "true".equals(parameters.get(name));
    }

    long number(String name, long otherwise) throws Problem {
        String value = parameters.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException wrong) {
            throw new Problem(400, "the parameter '" + name + "' is a number, not '" + value + "'");
        }
    }

    <T> T body(Class<T> type) throws IOException, Problem {
        byte[] bytes = exchange.getRequestBody().readNBytes(BODY_MAX + 1);
        if (bytes.length > BODY_MAX) {
            throw new Problem(413, "a request has at most " + BODY_MAX + " bytes");
        }
        try {
            T body = GSON.fromJson(new String(bytes, StandardCharsets.UTF_8), type);
            if (body == null) {
                throw new Problem(400, "the request has no body");
            }
            return body;
        } catch (JsonParseException wrong) {
            throw new Problem(400, "the body of the request is not the JSON that is wanted: " + wrong.getMessage());
        }
    }

    /** Throws unless the user may administer a destination. */
    void check(Address address) throws Problem {
        if (!mayAdminister(address)) {
            throw new Problem(403, "user '" + login.user() + "' may not administer " + address);
        }
    }

    /** Throws unless the user may administer the server as a whole. */
    void checkServer() throws Problem {
        if (!mayAdminister(SERVER)) {
            throw new Problem(
                    403,
                    "user '" + login.user() + "' may not administer the server; that takes the verb admin on '"
                            + SERVER.name() + "'");
        }
    }

    boolean mayAdminister(Address address) {
        return login.permissions().allows(Login.Verb.ADMIN, address);
    }
}
