package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.drain;
import static io.posthorn.tck.specification.Mail.receive;
import static io.posthorn.tck.specification.Mail.send;
import static io.posthorn.tck.specification.Mail.story;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.tck.specification.ChildClient.Task;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reliability: what a client that was killed leaves to the next. A server that is killed is the matter of other modules. */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter9ReliabilityTest {

    @Test
    @Section({"9.1", "3.4.7", "3.5.11", "6.2.7"})
    void shouldUndoTheOpenTransactionOfAClientThatDied(Site site) throws Exception {
        Queue queue = site.queue();
        Queue replies = site.queue();
        Session session = site.session();
        send(session, queue, "a", "b", "c", "d");
        Task task = Task.receive(Session.SESSION_TRANSACTED, queue.getQueueName(), 3, 1)
                .replyingTo(replies.getQueueName());
        ChildClient child = ChildClient.start(site, task);
        assertThat(drain(session, queue))
                .as("all are with the client, or the last")
                .isSubsetOf("d");
        child.kill();

        MessageConsumer next = session.createConsumer(queue);
        assertThat(story(receive(next))).isEqualTo("b 2 again");
        assertThat(story(receive(next))).isEqualTo("c 2 again");
        assertThat(drain(session, replies)).isEmpty();
    }

    @Test
    @Section({"9.1", "6.2.10", "6.2.11", "3.4.7", "3.5.11"})
    void shouldRedeliverWhatTheListenerOfADeadClientHadNotFinished(Site site) throws Exception {
        Queue queue = site.queue();
        Session session = site.session();
        send(session, queue, "a", "b", "c");
        Task task = Task.receive(Session.AUTO_ACKNOWLEDGE, queue.getQueueName(), 2, 0)
                .byListener();
        ChildClient child = ChildClient.start(site, task);
        child.kill();
        MessageConsumer next = session.createConsumer(queue);
        assertThat(story(receive(next))).isEqualTo("b 2 again");
        assertThat(receive(next, 1)).containsExactly("c");
        assertThat(next.receiveNoWait()).isNull();
    }

    @Test
    @Section({"9.1", "6.2.11"})
    void shouldRepeatOnlyTheLastMessageOfAClientThatDiedHoweverFastItWas(Site site) throws Exception {
        Queue queue = site.queue();
        Session session = site.session();
        send(session, queue, Mail.numbers(1, 300));
        ChildClient child =
                ChildClient.start(site, Task.receive(Session.AUTO_ACKNOWLEDGE, queue.getQueueName(), 200, 0));
        child.kill();

        MessageConsumer next = session.createConsumer(queue);
        List<String> texts = new ArrayList<>();
        await().until(() -> {
            texts.addAll(drain(next));
            return texts.containsAll(Mail.numbers(201, 300));
        });
        texts.remove("200");
        assertThat(texts).containsExactlyInAnyOrderElementsOf(Mail.numbers(201, 300));
    }
}
