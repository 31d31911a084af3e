package io.posthorn.admin.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.posthorn.admin.AdminHost;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /health/live}: the process answers. {@code /health/ready}: the broker answers too, and takes persistent messages.
 * Nobody needs to be known for that, and nothing else is told.
 */
public final class Health implements HttpHandler {

    private final AdminHost host;

    public Health(AdminHost host) {
        this.host = host;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/health/live", "/health/started" -> Replies.write(exchange, 200, Map.of("status", "UP"));
                case "/health/ready" -> ready(exchange);
                default -> Replies.write(exchange, new Problem(404, "there are /health/live and /health/ready"));
            }
        }
    }

    private void ready(HttpExchange exchange) throws IOException {
        Optional<String> pressure = host.pressure();
        if (pressure.isPresent()) {
            Replies.write(exchange, 503, Map.of("status", "DOWN", "reason", pressure.get()));
            return;
        }
        try {
            Answers.await(host.link().ask(administration -> true));
            Replies.write(exchange, 200, Map.of("status", "UP"));
        } catch (Problem problem) {
            Replies.write(exchange, 503, Map.of("status", "DOWN", "reason", problem.getMessage()));
        }
    }
}
