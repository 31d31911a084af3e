package io.posthorn.admin.api;

import io.posthorn.admin.model.Outcome;
import io.posthorn.admin.model.Page;
import io.posthorn.admin.model.SubscriptionItem;
import io.posthorn.broker.admin.SubscriptionId;
import io.posthorn.broker.admin.SubscriptionLine;
import io.posthorn.gateway.agent.AdminLink;
import io.posthorn.wire.frame.Address;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Durable subscriptions, named by the parameters {@code client} (absent for a shared one without) and {@code name}. */
final class SubscriptionResource {

    /** Between name and client identifier, so that both sort together. */
    private static final char SEPARATOR = '\u0000';

    private final AdminLink link;

    SubscriptionResource(AdminLink link) {
        this.link = link;
    }

    Page<SubscriptionItem> list(Call call) throws Problem {
        Names names = Names.of(call);
        Map<String, SubscriptionId> all = Answers.await(
                        link.ask(admin -> admin.inventory().subscriptions()))
                .stream()
                .collect(Collectors.toMap(SubscriptionResource::key, id -> id));
        Page<String> chosen = names.choose(all.keySet());
        List<SubscriptionId> ids = chosen.items().stream().map(all::get).toList();
        List<SubscriptionLine> lines =
                Answers.await(link.ask(admin -> admin.inventory().describeSubscriptions(ids)));
        List<SubscriptionItem> items = lines.stream()
                .filter(line -> call.mayAdminister(Address.topic(line.topic())))
                .map(SubscriptionResource::item)
                .toList();
        return new Page<>(chosen.total(), items, chosen.next());
    }

    private static String key(SubscriptionId id) {
        return id.clientId() == null ? id.name() : id.name() + SEPARATOR + id.clientId();
    }

    private static SubscriptionItem item(SubscriptionLine line) {
        return new SubscriptionItem(
                line.id().clientId(),
                line.id().name(),
                line.topic(),
                line.shared(),
                line.selector(),
                line.consumers(),
                DestinationResource.stock(line.messages()));
    }

    Outcome drop(Call call) throws Problem {
        SubscriptionId id = id(call);
        long gone = Answers.await(link.order(admin -> admin.changes().drop(id)));
        return Outcome.of("Dropped " + id + " with " + gone + " messages", gone);
    }

    /** The only order is {@code purge}. */
    Outcome order(Call call) throws Problem {
        if (!call.name().equals("purge")) {
            throw new Problem(404, "a subscription can be purged, not '" + call.name() + "'");
        }
        SubscriptionId id = id(call);
        long gone = Answers.await(link.order(admin -> admin.changes().purge(id)));
        return Outcome.of("Purged " + gone + " messages of " + id, gone);
    }

    private SubscriptionId id(Call call) throws Problem {
        SubscriptionId id = new SubscriptionId(call.parameter("client"), call.required("name"));
        List<SubscriptionLine> lines =
                Answers.await(link.ask(admin -> admin.inventory().describeSubscriptions(List.of(id))));
        if (lines.isEmpty()) {
            throw new Problem(404, "there is no " + id);
        }
        call.check(Address.topic(lines.get(0).topic()));
        return id;
    }
}
