package io.posthorn.admin.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.posthorn.admin.AdminHost;
import io.posthorn.admin.model.ServerItem;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of all resources, in {@link #route}. Lists answer {@code GET} with parameters; what changes something is a
 * {@code POST} or a {@code DELETE}, and is answered when it is durable.
 */
public final class Api implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Api.class);

    private final AdminHost host;
    private final Guard guard;
    private final DestinationResource destinations;
    private final SubscriptionResource subscriptions;
    private final MessageResource messages;
    private final TransactionResource transactions;
    private final ServerResource server;

    public Api(AdminHost host, Guard guard) {
        this.host = host;
        this.guard = guard;
        this.destinations = new DestinationResource(host.link());
        this.subscriptions = new SubscriptionResource(host.link());
        this.messages = new MessageResource(host.link());
        this.transactions = new TransactionResource(host.link());
        this.server = new ServerResource(host);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                Replies.write(exchange, 200, route(new Call(exchange, guard.admit(exchange))));
            } catch (Problem problem) {
                Replies.write(exchange, problem);
            } catch (IllegalArgumentException wrong) {
                Replies.write(exchange, new Problem(400, wrong.getMessage()));
            } catch (RuntimeException defect) {
                LOG.error("A request for {} met a defect", exchange.getRequestURI(), defect);
                Replies.write(exchange, new Problem(500, "a defect of the server; its log says more"));
            }
        }
    }

    private Object route(Call call) throws Problem, IOException {
        return switch (call.shape()) {
            case "GET " ->
                new ServerItem(host.version(), host.listensOn(), host.data().toString());
            case "GET queues" -> destinations.queues(call);
            case "GET topics" -> destinations.topics(call);
            case "POST queues" -> destinations.create(call, false);
            case "POST topics" -> destinations.create(call, true);
            case "DELETE queues/*" -> destinations.drop(call, false);
            case "DELETE topics/*" -> destinations.drop(call, true);
            case "POST queues/*/purge" -> destinations.purge(call);
            case "GET queues/*/messages" -> messages.list(call);
            case "POST queues/*/resend" -> messages.resend(call);
            case "GET subscriptions" -> subscriptions.list(call);
            case "DELETE subscriptions" -> subscriptions.drop(call);
            case "POST subscriptions/*" -> subscriptions.order(call);
            case "GET transactions" -> transactions.list(call);
            case "POST transactions/*/commit" -> transactions.resolve(call, true);
            case "POST transactions/*/rollback" -> transactions.resolve(call, false);
            case "POST transactions/*/forget" -> transactions.forget(call);
            case "GET connections" -> server.connections(call);
            case "DELETE connections/*" -> server.closeConnection(call);
            case "GET disk" -> server.disk(call);
            default -> throw new Problem(404, "there is no '" + call.shape() + "'; see docs/operations.md");
        };
    }
}
