package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.TopicItem;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The topics of a running server. */
@Command(name = "topics", description = "List the topics of a running server.")
public final class TopicsCommand implements Callable<Integer> {

    @Mixin
    private Desk desk;

    @Mixin
    private ListOptions options;

    @Override
    public Integer call() throws AdminException {
        Desk.Listing<TopicItem> topics = desk.list(Desk.path(List.of("topics"), options.parameters()), TopicItem.class);
        if (topics != null) {
            Table table = new Table("TOPIC", ">SUBSCRIPTIONS", ">CONSUMERS", ">MESSAGES", ">BYTES");
            topics.items()
                    .forEach(topic -> table.row(
                            topic.name(),
                            topic.subscriptions(),
                            topic.consumers(),
                            topic.messages().depth(),
                            Units.bytes(topic.messages().bytes())));
            table.print(desk::print);
            ListOptions.printRest(desk, topics, "topics");
        }
        return 0;
    }
}
