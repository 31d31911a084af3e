package io.posthorn.admin.api;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes answers. */
final class Replies {

    private Replies() {}

    static void write(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = (Call.GSON.toJson(body) + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        if (status == 401) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"Posthorn\", charset=\"UTF-8\"");
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static void write(HttpExchange exchange, Problem problem) throws IOException {
        write(exchange, problem.status(), Map.of("error", problem.getMessage()));
    }
}
