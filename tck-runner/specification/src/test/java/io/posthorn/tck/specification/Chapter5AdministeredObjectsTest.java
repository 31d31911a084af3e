package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.receive;
import static io.posthorn.tck.specification.Mail.send;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import jakarta.jms.TopicSession;
import jakarta.jms.XAConnection;
import jakarta.jms.XAConnectionFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Reference;
import javax.naming.Referenceable;
import javax.naming.spi.NamingManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Administered objects: that they survive a naming service and a stream, and then still connect. */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter5AdministeredObjectsTest {

    @Test
    @Section({"5.1", "5.3", "6.1.2"})
    void shouldConnectByAFactoryThatWasSerialised(Site site) throws Exception {
        String client = site.name("client");
        ConnectionFactory factory = serialised(site.factory("clientID=" + client));
        Queue queue = serialised(site.queue());
        Topic topic = serialised(site.topic());
        try (Connection connection = factory.createConnection()) {
            connection.start();
            assertThat(connection.getClientID()).isEqualTo(client);
            verifyExchange(connection.createSession(), queue);
            verifyExchange(connection.createSession(), topic);
        }
    }

    @Test
    @Section({"5.1", "5.2", "5.3"})
    void shouldConnectByAFactoryThatANamingServiceMadeAgain(Site site) throws Exception {
        String client = site.name("client");
        ConnectionFactory factory = named(site.factory("clientID=" + client));
        Queue queue = named(site.queue());
        Topic topic = named(site.topic());
        try (Connection connection = factory.createConnection()) {
            connection.start();
            assertThat(connection.getClientID()).isEqualTo(client);
            verifyExchange(connection.createSession(), queue);
            verifyExchange(connection.createSession(), topic);
        }
        XAConnectionFactory xa = named(site.lookUp("xaConnectionFactory.it", site.url(), "it"));
        try (XAConnection connection = xa.createXAConnection()) {
            connection.start();
            assertThat(connection.createXASession().getXAResource()).isNotNull();
            verifyExchange(connection.createSession(), queue);
        }
    }

    @Test
    @Section({"5.2", "6.2.3"})
    void shouldKnowADestinationByItsName(Site site) throws Exception {
        Queue queue = site.queue();
        Topic topic = site.topic();
        Session session = site.session();
        assertThat(session.createQueue(queue.getQueueName()))
                .isEqualTo(queue)
                .hasSameHashCodeAs(queue)
                .isEqualTo(serialised(queue))
                .isEqualTo(named(queue))
                .isNotEqualTo(session.createTopic(queue.getQueueName()));
        assertThat(session.createTopic(topic.getTopicName())).isEqualTo(topic).isEqualTo(named(topic));
        send(session, queue, "hello");
        assertThat(receive(session.createConsumer(session.createQueue(queue.getQueueName())))
                        .getJMSDestination())
                .isEqualTo(queue);
    }

    @Test
    @Section("5.1")
    void shouldLookUpWithoutAServer(Site site) {
        ConnectionFactory factory = site.lookUp("connectionFactory.it", "tcp://127.0.0.1:1", "it");
        assertThat(factory).isInstanceOf(Referenceable.class);
    }

    @Test
    @Section({"5.3", "2.14"})
    void shouldConnectFromManyThreadsByOneFactory(Site site) throws Exception {
        ConnectionFactory factory = site.factory();
        List<Worker<Void>> workers = new ArrayList<>();
        for (int count = 0; count < 6; count++) {
            Queue queue = site.queue();
            workers.add(Worker.run(() -> {
                try (Connection connection = factory.createConnection()) {
                    connection.start();
                    verifyExchange(connection.createSession(), queue);
                }
            }));
        }
        for (Worker<Void> worker : workers) {
            worker.result();
        }
    }

    @Test
    @Section({"5.3", "2.9", "6.1"})
    void shouldServeTheDomainsByOneFactory(Site site) throws Exception {
        QueueConnectionFactory queues = named((QueueConnectionFactory) site.factory());
        try (QueueConnection connection = queues.createQueueConnection()) {
            connection.start();
            QueueSession session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
            verifyExchange(session, site.queue());
        }
        TopicConnectionFactory topics = serialised((TopicConnectionFactory) site.factory());
        try (TopicConnection connection = topics.createTopicConnection()) {
            connection.start();
            TopicSession session = connection.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
            verifyExchange(session, site.topic());
        }
    }

    private static void verifyExchange(Session session, Destination destination) throws Exception {
        try (var consumer = session.createConsumer(destination)) {
            send(session, destination, "hello");
            assertThat(receive(consumer, 1)).containsExactly("hello");
        }
    }

    /** What comes out of a stream that it was written to. */
    private static <T> T serialised(T object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            @SuppressWarnings("unchecked")
            T copy = (T) in.readObject();
            return copy;
        }
    }

    /** What JNDI makes of its reference, as every naming service that stores references does. */
    private static <T> T named(T object) throws Exception {
        Reference reference = serialised(((Referenceable) object).getReference());
        @SuppressWarnings("unchecked")
        T made = (T) NamingManager.getObjectInstance(reference, null, null, new Hashtable<>());
        return made;
    }
}
