package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.drain;
import static io.posthorn.tck.specification.Mail.receive;
import static io.posthorn.tck.specification.Mail.send;
import static io.posthorn.tck.specification.Mail.story;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.tck.specification.ChildClient.From;
import io.posthorn.tck.specification.ChildClient.Task;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections: whose a client identifier is, and what start, stop and close promise to listeners, receives and other threads. */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter6ConnectionsTest {

    @Test
    @Section({"6.1.2", "10.3"})
    void shouldGiveAClientIdentifierToOneLivingClient(Site site) throws Exception {
        String client = site.name("client");
        Connection holder = site.open("clientID=" + client);
        assertThatThrownBy(() ->
                        site.factory("clientID=" + client).createConnection().close())
                .isInstanceOf(InvalidClientIDException.class)
                .hasMessageContaining(client);
        Connection other = site.open();
        assertThatThrownBy(() -> other.setClientID(client)).isInstanceOf(InvalidClientIDException.class);
        holder.close();
        Connection next = site.open();
        next.setClientID(client);
        assertThat(next.getClientID()).isEqualTo(client);
    }

    @Test
    @Section("6.1.2")
    void shouldLetOneOfManyWinAClientIdentifier(Site site) throws Exception {
        String client = site.name("client");
        List<Worker<Void>> workers = new ArrayList<>();
        for (int count = 0; count < 5; count++) {
            Connection connection = site.open();
            workers.add(Worker.run(() -> connection.setClientID(client)));
        }
        int winners = 0;
        for (Worker<Void> worker : workers) {
            try {
                worker.result();
                winners++;
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(InvalidClientIDException.class);
            }
        }
        assertThat(winners).isOne();
    }

    @Test
    @Section({"6.1.2", "8.3.3"})
    void shouldGiveTheClientIdentifierAndSubscriptionOfADeadClientToTheNext(Site site) throws Exception {
        Topic topic = site.topic();
        String client = site.name("client");
        try (Connection first = site.connect("clientID=" + client)) {
            first.createSession().createDurableConsumer(topic, client).close();
        }
        send(site.session(), topic, Mail.numbers(1, 10));
        ChildClient child = ChildClient.start(site, Task.subscribe(From.DURABLE, topic.getTopicName(), client, 3));
        assertThatThrownBy(() -> site.open("clientID=" + client)).isInstanceOf(InvalidClientIDException.class);
        child.kill();

        // The server has to see the end of the link first.
        Connection heir = Awaitility.await()
                .ignoreExceptionsInstanceOf(InvalidClientIDException.class)
                .until(() -> site.connect("clientID=" + client), Objects::nonNull);
        MessageConsumer next = heir.createSession().createDurableConsumer(topic, client);
        Message first = receive(next);
        if (story(first).equals("3 2 again")) { // the last message of the child may come again
            first = receive(next);
        }
        assertThat(first.getBody(String.class)).isEqualTo("4");
        assertThat(receive(next, 6)).isEqualTo(Mail.numbers(5, 10));
        assertThat(drain(next)).isEmpty();
    }

    @Test
    @Section("6.1.2")
    void shouldRefuseAClientIdentifierAfterTheFirstUseAndInPlaceOfAnAdministeredOne(Site site) throws Exception {
        Connection used = site.open();
        used.createSession();
        assertThatThrownBy(() -> used.setClientID(site.name("client"))).isInstanceOf(IllegalStateException.class);
        Connection administered = site.open("clientID=" + site.name("client"));
        assertThatThrownBy(() -> administered.setClientID(site.name("client")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Section({"6.1.4", "6.1.5"})
    void shouldDeliverOnlyWhileStartedAndSendAllTheTime(Site site) throws Exception {
        Connection connection = site.open();
        Queue queue = site.queue();
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(queue);
        send(session, queue, "a", "b", "c");
        assertThat(consumer.receive(50)).isNull();
        assertThat(consumer.receiveNoWait()).isNull();
        connection.start();
        connection.start();
        assertThat(receive(consumer, 1)).containsExactly("a");
        connection.stop();
        connection.stop();
        assertThat(consumer.receive(50)).isNull();
        assertThat(consumer.receiveNoWait()).isNull();
        send(session, queue, "d");
        connection.start();
        assertThat(receive(consumer, 3)).containsExactly("b", "c", "d");
    }

    @Test
    @Section("6.1.5")
    void shouldKeepAReceiveWaitingOverAStop(Site site) throws Exception {
        Connection connection = site.connect();
        Queue queue = site.queue();
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        Worker<Message> receiving = Worker.start(consumer::receive).awaitWaiting();
        Worker<Message> timed = Worker.start(() ->
                        connection.createSession().createConsumer(site.queue()).receive(100))
                .awaitWaiting();
        connection.stop();
        Session other = site.session();
        send(other, queue, "hello");
        assertThat(timed.result()).isNull();
        assertThat(receiving.isDone()).isFalse();
        connection.start();
        assertThat(Mail.text(receiving.result())).isEqualTo("hello");
    }

    @Test
    @Section("6.1.5")
    void shouldStopOnlyWhenListenersHaveReturnedWhichKeepAllServices(Site site) throws Exception {
        Connection connection = site.open();
        Queue queue = site.queue();
        Queue replies = site.queue();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        Barrier barrier = new Barrier();
        List<Object> heard = new CopyOnWriteArrayList<>();
        session.createConsumer(queue).setMessageListener(message -> {
            barrier.pass();
            try {
                send(session, replies, "reply to " + Mail.text(message));
                session.commit();
                connection.createSession().close();
                heard.add(Mail.text(message));
            } catch (JMSException e) {
                heard.add(e);
            }
        });
        Session other = site.session();
        send(other, queue, "a", "b", "c");
        connection.start();
        barrier.awaitReached();
        Worker<Void> stopping = Worker.run(connection::stop).awaitWaiting();
        Worker<Void> alsoStopping = Worker.run(connection::stop).awaitWaiting();
        assertThat(stopping.isDone()).isFalse();
        assertThat(alsoStopping.isDone()).isFalse();
        barrier.open();
        stopping.result();
        alsoStopping.result();

        int heardAtStop = heard.size();
        assertThat(heard).startsWith("a");
        assertThat(drain(other, replies)).hasSize(heardAtStop).startsWith("reply to a");
        assertThat(heard).hasSize(heardAtStop);
        connection.start();
        Awaitility.await().until(() -> heard.size() == 3);
        assertThat(heard).containsExactly("a", "b", "c");
    }

    @Test
    @Section({"6.1.5", "6.1.8", "6.2.15"})
    void shouldRefuseAListenerThatStopsOrClosesWhatItRunsIn(Site site) throws Exception {
        Connection connection = site.connect();
        Connection other = site.connect();
        Session session = connection.createSession();
        Queue queue = site.queue();
        List<Throwable> refusals = new CopyOnWriteArrayList<>();
        List<String> heard = new CopyOnWriteArrayList<>();
        List<Worker.Action> forbidden = List.of(connection::stop, connection::close, session::close);
        session.createConsumer(queue).setMessageListener(message -> {
            for (Worker.Action action : forbidden) {
                try {
                    action.run();
                } catch (Exception e) {
                    refusals.add(e);
                }
            }
            try {
                other.close();
                connection.start();
            } catch (JMSException e) {
                heard.add("another connection was not closed: " + e);
            }
            heard.add(Mail.text(message));
        });
        send(site.session(), queue, "a", "b");
        Awaitility.await().until(() -> heard.size() == 2);
        assertThat(heard).containsExactly("a", "b");
        assertThat(refusals).hasSize(6).hasOnlyElementsOfType(IllegalStateException.class);
        session.close();
        assertThat(drain(site.session(), queue)).isEmpty();
    }

    @Test
    @Section({"6.1.5", "4.1.2"})
    void shouldNotStrandMessagesAtAStoppedConsumer(Site site) throws Exception {
        Queue queue = site.queue();
        Connection stopped = site.connect();
        MessageConsumer first = stopped.createSession().createConsumer(queue);
        Connection neverStarted = site.open();
        neverStarted.createSession().createConsumer(queue).setMessageListener(message -> {});
        send(site.session(), queue, Mail.numbers(1, 100));
        assertThat(receive(first, 10)).isEqualTo(Mail.numbers(1, 10));
        stopped.stop();

        MessageConsumer other = site.session().createConsumer(queue);
        List<String> stories = new ArrayList<>();
        for (int number = 11; number <= 100; number++) {
            stories.add(story(receive(other)));
        }
        assertThat(stories)
                .isEqualTo(Mail.numbers(11, 100).stream()
                        .map(number -> number + " 1 first")
                        .toList());
        stopped.start();
        assertThat(drain(first)).isEmpty();
    }

    @Test
    @Section({"6.1.5", "4.2.2"})
    void shouldNotStrandMessagesOfASharedSubscriptionAtAStoppedConsumer(Site site) throws Exception {
        Topic topic = site.topic();
        String name = site.name("subscription");
        Connection stopped = site.connect();
        MessageConsumer first = stopped.createSession().createSharedDurableConsumer(topic, name);
        send(site.session(), topic, Mail.numbers(1, 50));
        assertThat(receive(first, 5)).isEqualTo(Mail.numbers(1, 5));
        stopped.stop();
        MessageConsumer other = site.session().createSharedDurableConsumer(topic, name);
        assertThat(receive(other, 45)).isEqualTo(Mail.numbers(6, 50));
    }

    @Test
    @Section("6.1.7")
    void shouldNotTellTheExceptionListenerWhatACallAlreadyThrew(Site site) throws Exception {
        Connection connection = site.connect();
        List<JMSException> told = new CopyOnWriteArrayList<>();
        connection.setExceptionListener(told::add);
        Session session = connection.createSession();
        assertThatThrownBy(() -> session.createConsumer(site.queue(), "= nothing"))
                .isInstanceOf(InvalidSelectorException.class);
        assertThatThrownBy(() -> session.unsubscribe(site.name("nothing"))).isInstanceOf(JMSException.class);
        assertThatThrownBy(session::commit).isInstanceOf(IllegalStateException.class);
        connection.close();
        assertThat(told).isEmpty();
    }

    @Test
    @Section({"6.1.7", "6.1.8"})
    void shouldTellTheExceptionListenerOnceOfALostConnectionThatItMayClose(Site site) throws Exception {
        ConnectionFactory factory = site.factoryThroughProxy("reconnectTimeout=200");
        Connection connection = site.closing(factory.createConnection());
        List<JMSException> told = new CopyOnWriteArrayList<>();
        connection.setExceptionListener(problem -> {
            try {
                connection.close();
                told.add(problem);
            } catch (JMSException e) {
                told.add(e);
                told.add(e);
            }
        });
        connection.start();
        MessageConsumer consumer = connection.createSession().createConsumer(site.queue());
        Worker<Message> receiving = Worker.start(consumer::receive).awaitWaiting();
        site.proxy().refuse(true);
        site.proxy().cut();
        Awaitility.await().until(() -> !told.isEmpty());
        assertThatCode(() -> assertThat(receiving.result()).isNull())
                .satisfiesAnyOf(
                        thrown -> assertThat(thrown).isNull(),
                        thrown -> assertThat(thrown).hasCauseInstanceOf(JMSException.class));
        assertThat(told).hasSize(1);
        assertThatThrownBy(connection::createSession).isInstanceOf(IllegalStateException.class);
    }
}
