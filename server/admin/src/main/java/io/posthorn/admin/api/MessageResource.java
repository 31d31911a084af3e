package io.posthorn.admin.api;

import io.posthorn.admin.model.MessageItem;
import io.posthorn.admin.model.Outcome;
import io.posthorn.admin.model.Page;
import io.posthorn.broker.admin.Administration;
import io.posthorn.broker.admin.MessageLine;
import io.posthorn.broker.admin.Resent;
import io.posthorn.gateway.agent.AdminLink;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Messages that wait in a queue: looked at, and sent on. */
final class MessageResource {

    /** How many bytes of a text are shown. */
    private static final int TEXT_BYTES_MAX = 64 << 10;

    private final AdminLink link;

    MessageResource(AdminLink link) {
        this.link = link;
    }

    /**
     * What is to be sent on.
     *
     * @param selector which messages, or null for all
     * @param limit how many at most; null for no limit
     * @param to the queue that gets them; null for each one's origin
     */
    private record Forward(String selector, Long limit, String to) {}

    Page<MessageItem> list(Call call) throws Problem {
        Address queue = Address.queue(call.name());
        call.check(queue);
        int limit = (int) Math.min(call.number("limit", Names.LIMIT_DEFAULT), Administration.SHOWN_MAX + 1L);
        boolean text = call.flag("text");
        String selector = call.parameter("selector");
        List<MessageLine> lines =
                Answers.awaitLong(link.send((admin, reply) -> admin.search(queue, selector, limit, reply)));
        return new Page<>(
                lines.size(), lines.stream().map(line -> item(line, text)).toList(), null);
    }

    private static MessageItem item(MessageLine line, boolean withText) {
        return new MessageItem(
                line.entry(),
                line.messageId(),
                Instant.ofEpochMilli(line.sentAtMs()).toString(),
                line.priority(),
                line.persistent(),
                line.kind(),
                line.length(),
                line.redelivered(),
                line.properties(),
                withText ? text(line.envelope()) : null);
    }

    private static String text(Envelope envelope) {
        boolean plain = !envelope.bodyIsCompressed() && !envelope.bodyIsNull() && !envelope.bodyIsApart();
        if (envelope.bodyKind() != BodyKind.TEXT || !plain) {
            return null;
        }
        byte[] body = envelope.body().readRemaining();
        return new String(Arrays.copyOf(body, Math.min(body.length, TEXT_BYTES_MAX)), StandardCharsets.UTF_8);
    }

    Outcome resend(Call call) throws Problem, IOException {
        Address queue = Address.queue(call.name());
        call.check(queue);
        Forward forward = call.body(Forward.class);
        Address to = forward.to() == null ? null : Address.queue(forward.to());
        if (to == null) {
            call.checkServer(); // they may go anywhere
        } else {
            call.check(to);
        }
        long limit = forward.limit() == null ? Long.MAX_VALUE : forward.limit();
        Resent resent = Answers.awaitLong(
                link.send((admin, reply) -> admin.resend(queue, forward.selector(), limit, to, reply)));
        return new Outcome(
                "Sent " + resent.moved() + " messages of " + queue + " to "
                        + (to == null ? "where they came from" : to),
                resent.moved(),
                resent.left(),
                resent.reasons());
    }
}
