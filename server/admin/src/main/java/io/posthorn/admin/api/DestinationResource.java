package io.posthorn.admin.api;

import io.posthorn.admin.model.Outcome;
import io.posthorn.admin.model.Page;
import io.posthorn.admin.model.QueueItem;
import io.posthorn.admin.model.Stock;
import io.posthorn.admin.model.TopicItem;
import io.posthorn.broker.admin.DestinationLine;
import io.posthorn.broker.admin.Messages;
import io.posthorn.gateway.agent.AdminLink;
import io.posthorn.wire.frame.Address;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Queues and topics. */
final class DestinationResource {

    private final AdminLink link;

    DestinationResource(AdminLink link) {
        this.link = link;
    }

    /** What is to be created. */
    private record Creation(String name) {}

    Page<QueueItem> queues(Call call) throws Problem {
        return list(
                call,
                false,
                line -> new QueueItem(line.name(), line.temporary(), line.consumers(), stock(line.messages())));
    }

    Page<TopicItem> topics(Call call) throws Problem {
        return list(
                call,
                true,
                line -> new TopicItem(
                        line.name(), line.temporary(), line.subscriptions(), line.consumers(), stock(line.messages())));
    }

    static Stock stock(Messages messages) {
        String oldest = messages.oldestMs() == 0
                ? null
                : Instant.ofEpochMilli(messages.oldestMs()).toString();
        return new Stock(
                messages.depth(),
                messages.ready(),
                messages.inFlight(),
                messages.bytes(),
                oldest,
                messages.others().expired(),
                messages.others().deadLettered(),
                messages.others().dropped(),
                messages.others().refused());
    }

    private <T> Page<T> list(Call call, boolean topics, Function<DestinationLine, T> item) throws Problem {
        Names names = Names.of(call);
        Map<String, Address> all = Answers.await(
                        link.ask(admin -> admin.inventory().names(topics)))
                .stream()
                .filter(call::mayAdminister)
                .collect(Collectors.toMap(Address::name, address -> address, (one, other) -> one));
        Page<String> chosen = names.choose(all.keySet());
        List<Address> addresses = chosen.items().stream().map(all::get).toList();
        List<DestinationLine> lines =
                Answers.await(link.ask(admin -> admin.inventory().describe(addresses)));
        return new Page<>(chosen.total(), lines.stream().map(item).toList(), chosen.next());
    }

    Outcome create(Call call, boolean topic) throws Problem, IOException {
        String name = call.body(Creation.class).name();
        if (name == null) {
            throw new Problem(400, "the name is needed: {\"name\": \"...\"}");
        }
        Address address = address(call, name, topic);
        boolean made = Answers.await(link.order(admin -> admin.changes().create(address)));
        return Outcome.of(made ? "Created " + address : "There is " + address + " already", 0);
    }

    Outcome drop(Call call, boolean topic) throws Problem {
        Address address = address(call, call.name(), topic);
        boolean force = call.flag("force");
        long gone = Answers.await(link.order(admin -> admin.changes().drop(address, force)));
        return Outcome.of("Dropped " + address + (topic ? "" : " with " + gone + " messages"), gone);
    }

    Outcome purge(Call call) throws Problem {
        Address address = address(call, call.name(), false);
        long gone = Answers.await(link.order(admin -> admin.changes().purge(address)));
        return Outcome.of("Purged " + gone + " messages of " + address, gone);
    }

    private static Address address(Call call, String name, boolean topic) throws Problem {
        Address address = topic ? Address.topic(name) : Address.queue(name);
        call.check(address);
        return address;
    }
}
