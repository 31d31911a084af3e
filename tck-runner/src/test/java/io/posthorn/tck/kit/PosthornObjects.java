package io.posthorn.tck.kit;

import com.sun.ts.lib.porting.TSJMSObjectsInterface;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnectionFactory;
import java.util.List;
import java.util.Properties;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The kit's administered objects, looked up in Posthorn's JNDI provider. The kit makes one instance per JVM. */
public final class PosthornObjects implements TSJMSObjectsInterface {
    static final List<String> QUEUES =
            List.of("MY_QUEUE", "MY_QUEUE2", "testQ0", "testQ1", "testQ2", "testQueue2", "Q2");
    static final List<String> TOPICS = List.of("MY_TOPIC", "MY_TOPIC2", "testT0", "testT1", "testT2");
    static final List<String> FACTORIES =
            List.of("MyConnectionFactory", "MyQueueConnectionFactory", "MyTopicConnectionFactory");
    /** The factory with a client id that its administrator set. */
    static final String DURABLE_FACTORY = "DURABLE_SUB_CONNECTION_FACTORY";

    static final String DURABLE_CLIENT_ID = "cts";

    private final Context context;

    public PosthornObjects() throws NamingException {
        String url = KitServer.url();
        Properties entries = new Properties();
        entries.put(Context.INITIAL_CONTEXT_FACTORY, "io.posthorn.jms.PosthornInitialContextFactory");
        entries.put(Context.PROVIDER_URL, url);
        QUEUES.forEach(name -> entries.put("queue." + name, name));
        TOPICS.forEach(name -> entries.put("topic." + name, name));
        FACTORIES.forEach(name -> entries.put("connectionFactory." + name, url));
        String clientId = (url.contains("?") ? "&" : "?") + "clientID=" + DURABLE_CLIENT_ID;
        entries.put("connectionFactory." + DURABLE_FACTORY, url + clientId);
        context = new InitialContext(entries);
    }

    @Override
    public Queue getQueue(String name) throws NamingException {
        return (Queue) context.lookup(name);
    }

    @Override
    public Topic getTopic(String name) throws NamingException {
        return (Topic) context.lookup(name);
    }

    @Override
    public ConnectionFactory getConnectionFactory(String name) throws NamingException {
        return (ConnectionFactory) context.lookup(name);
    }

    @Override
    public QueueConnectionFactory getQueueConnectionFactory(String name) throws NamingException {
        return (QueueConnectionFactory) context.lookup(name);
    }

    @Override
    public TopicConnectionFactory getTopicConnectionFactory(String name) throws NamingException {
        return (TopicConnectionFactory) context.lookup(name);
    }
}
