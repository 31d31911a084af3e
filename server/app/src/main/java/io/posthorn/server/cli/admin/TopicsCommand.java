package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.TopicItem;
import java.time.Instant;
import picocli.CommandLine.Command;

/** The topics of a running server. */
@Command(name = "topics", description = "List the topics of a running server.")
public final class TopicsCommand extends ListCommand<TopicItem> {

    public TopicsCommand() {
        super("topics", TopicItem.class, "topics", "TOPIC", ">SUBSCRIPTIONS", ">CONSUMERS", ">MESSAGES", ">BYTES");
    }

    @Override
    Object[] row(TopicItem topic, Instant now) {
        return new Object[] {
            topic.name(),
            topic.subscriptions(),
            topic.consumers(),
            topic.messages().depth(),
            Units.bytes(topic.messages().bytes())
        };
    }
}
