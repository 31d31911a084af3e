package io.posthorn.tck.joram;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import java.util.Properties;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.objectweb.jtests.jms.admin.Admin;

/**
 * The suite's administered objects, over Posthorn's JNDI provider. A destination comes into being by its first use, so to create one
 * is to do nothing; to delete one is to drop what a test left in it. The suite makes a new instance for each test.
 */
public final class PosthornAdmin implements Admin {
    /** Client id and name of the durable subscription that the suite's {@code testDurableSubscriber} leaves behind. */
    private static final String LEFT_CLIENT_ID = "subscriberConnection";

    private static final String LEFT_SUBSCRIPTION = "testTopic";

    @Override
    public String getName() {
        return "Posthorn";
    }

    @Override
    public Context createContext() throws NamingException {
        Properties entries = new Properties();
        entries.put(Context.INITIAL_CONTEXT_FACTORY, "io.posthorn.jms.PosthornInitialContextFactory");
        entries.put(Context.PROVIDER_URL, SuiteServer.url());
        entries.put("connectionFactory.testCF", SuiteServer.url());
        entries.put("connectionFactory.testQCF", SuiteServer.url());
        entries.put("connectionFactory.testTCF", SuiteServer.url());
        entries.put("queue.testJoramQueue", "testJoramQueue");
        entries.put("queue.testDestination", "testDestination");
        entries.put("queue.anotherQueue", "anotherQueue");
        entries.put("topic.testJoramTopic", "testJoramTopic");
        return new InitialContext(entries);
    }

    @Override
    public void createConnectionFactory(String name) {}

    @Override
    public void createQueueConnectionFactory(String name) {}

    @Override
    public void createTopicConnectionFactory(String name) {}

    @Override
    public void createQueue(String name) {}

    @Override
    public void createTopic(String name) {}

    @Override
    public void deleteConnectionFactory(String name) {}

    @Override
    public void deleteQueueConnectionFactory(String name) {}

    @Override
    public void deleteTopicConnectionFactory(String name) {}

    /** Takes out whatever the test left in the queue. */
    @Override
    public void deleteQueue(String name) {
        try (JMSContext context = connect();
                JMSConsumer consumer = context.createConsumer((Queue) lookUp(name))) {
            boolean empty = false;
            while (!empty) {
                empty = consumer.receiveNoWait() == null;
            }
        }
    }

    /** A topic keeps messages only in durable subscriptions; the suite leaves one. */
    @Override
    public void deleteTopic(String name) {
        try (JMSContext context = connect()) {
            context.setClientID(LEFT_CLIENT_ID);
            context.unsubscribe(LEFT_SUBSCRIPTION);
        } catch (InvalidDestinationRuntimeException noSuchSubscription) {
            // Every test but that one: nothing was left.
            return;
        }
    }

    @Override
    public void startServer() {
        SuiteServer.url();
    }

    @Override
    public void stopServer() {}

    @Override
    public void start() {}

    @Override
    public void stop() {}

    private JMSContext connect() {
        return ((ConnectionFactory) lookUp("testCF")).createContext();
    }

    private Object lookUp(String name) {
        try {
            return createContext().lookup(name);
        } catch (NamingException e) {
            throw new IllegalStateException("JNDI does not give " + name, e);
        }
    }
}
