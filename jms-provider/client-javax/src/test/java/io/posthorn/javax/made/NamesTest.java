package io.posthorn.javax.made;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.javax.jms.PosthornConnectionFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Hashtable;
import javax.jms.ConnectionFactory;
import javax.jms.JMSException;
import javax.jms.Queue;
import javax.jms.QueueConnectionFactory;
import javax.jms.Topic;
import javax.jms.TopicConnectionFactory;
import javax.jms.XAConnectionFactory;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.naming.Reference;
import javax.naming.Referenceable;
import javax.naming.spi.NamingManager;
import org.junit.jupiter.api.Test;

/** The names as users type them: literal here, so that no renaming carries a mistake into the test. */
class NamesTest {

    @Test
    void shouldGiveFactoriesAndDestinationsOfJavaxJmsThroughJndi() throws NamingException, JMSException {
        Context context = context();

        assertThat(context.lookup("orders"))
                .isInstanceOf(ConnectionFactory.class)
                .isInstanceOf(QueueConnectionFactory.class)
                .isInstanceOf(TopicConnectionFactory.class);
        assertThat(context.lookup("XAConnectionFactory")).isInstanceOf(XAConnectionFactory.class);
        assertThat(((Queue) context.lookup("in")).getQueueName()).isEqualTo("orders.in");
        assertThat(((Topic) context.lookup("dynamicTopics/news")).getTopicName())
                .isEqualTo("news");
    }

    @Test
    void shouldComeBackFromAReference() throws Exception {
        Object factory = context().lookup("orders");
        Reference reference = ((Referenceable) factory).getReference();

        assertThat(reference.getClassName()).isEqualTo("io.posthorn.javax.jms.PosthornConnectionFactory");
        assertThat(reference.getFactoryClassName()).isEqualTo("io.posthorn.javax.jms.PosthornObjectFactory");
        assertThat(NamingManager.getObjectInstance(reference, null, null, new Hashtable<>()))
                .isInstanceOf(ConnectionFactory.class)
                .hasFieldOrPropertyWithValue("url", "tcp://h:1");
    }

    @Test
    void shouldComeBackFromItsSerialisedForm() throws Exception {
        PosthornConnectionFactory factory = new PosthornConnectionFactory("tcp://h:1?clientID=me");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(factory);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject())
                    .isExactlyInstanceOf(PosthornConnectionFactory.class)
                    .hasFieldOrPropertyWithValue("url", factory.getUrl());
        }
    }

    @Test
    void shouldNotBringTheOtherClient() {
        assertThatThrownBy(() -> Class.forName("io.posthorn.jms.PosthornConnectionFactory"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> Class.forName("jakarta.jms.Connection")).isInstanceOf(ClassNotFoundException.class);
    }

    private static Context context() throws NamingException {
        Hashtable<String, Object> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "io.posthorn.javax.jms.PosthornInitialContextFactory");
        environment.put("connectionFactory.orders", "tcp://h:1");
        environment.put("xaConnectionFactory.XAConnectionFactory", "tcp://h:1");
        environment.put("queue.in", "orders.in");
        return new InitialContext(environment);
    }
}
