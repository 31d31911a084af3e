package io.posthorn.jms;

import io.posthorn.engine.ServerUrl;
import io.posthorn.jms.connection.ConnectionOpener;
import io.posthorn.jms.connection.Domain;
import io.posthorn.jms.connection.PosthornConnection;
import io.posthorn.jms.jndi.FactorySettings;
import io.posthorn.jms.message.ObjectTrust;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import java.io.Serializable;
import java.util.function.UnaryOperator;
import javax.naming.Reference;
import javax.naming.Referenceable;

/**
 * Makes connections to a server (JMS 3.1 sections 5.2 and 6.1): the unified factory and that of both domains in one. A bean: its
 * properties are {@code url}, {@code user}, {@code password}, {@code clientID} and {@code deserializationAllowList}; the
 * other settings are options of the URL. A URL that is wrong is refused when it is set. Serialisable, and bindable in a naming service
 * through {@link #getReference()}; both forms hold the password. Connections may be made from any thread once the properties are set.
 *
 * <p>A user given to {@code createConnection} takes the place of the factory's, which takes the place of the URL's. A client
 * identifier set here or in the URL is administratively configured: {@code setClientID} of a connection then throws
 * IllegalStateException (JMS 3.1 section 6.1.2).
 */
public class PosthornConnectionFactory
        implements ConnectionFactory, QueueConnectionFactory, TopicConnectionFactory, Referenceable, Serializable {

    /** Where a factory connects to when nothing says otherwise. */
    public static final String DEFAULT_URL = "tcp://127.0.0.1:" + ServerUrl.DEFAULT_PORT;

    private static final long serialVersionUID = 1L;

    private String url;
    private String user;
    private String password;
    private String clientID;
    private String deserializationAllowList;

    /**
     * A factory of the environment's settings: {@code POSTHORN_URL}, {@code POSTHORN_USER} and {@code POSTHORN_PASSWORD}, where they
     * are set; otherwise of {@link #DEFAULT_URL}.
     */
    public PosthornConnectionFactory() {
        this(System::getenv);
    }

    public PosthornConnectionFactory(String url) {
        this(url, null, null);
    }

    public PosthornConnectionFactory(String url, String user, String password) {
        this.url = checkedUrl(url);
        this.user = user;
        this.password = password;
    }

    PosthornConnectionFactory(UnaryOperator<String> environment) {
        String given = environment.apply("POSTHORN_URL");
        if (given == null || given.isBlank()) {
            url = DEFAULT_URL;
        } else {
            try {
                url = checkedUrl(given);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("the environment variable POSTHORN_URL: " + e.getMessage(), e);
            }
        }
        user = environment.apply("POSTHORN_USER");
        password = environment.apply("POSTHORN_PASSWORD");
    }

    @Override
    public Connection createConnection() throws JMSException {
        return open(user, password, Domain.ANY);
    }

    @Override
    public Connection createConnection(String userName, String userPassword) throws JMSException {
        return open(userName, userPassword, Domain.ANY);
    }

    @Override
    public QueueConnection createQueueConnection() throws JMSException {
        return open(user, password, Domain.QUEUE);
    }

    @Override
    public QueueConnection createQueueConnection(String userName, String userPassword) throws JMSException {
        return open(userName, userPassword, Domain.QUEUE);
    }

    @Override
    public TopicConnection createTopicConnection() throws JMSException {
        return open(user, password, Domain.TOPIC);
    }

    @Override
    public TopicConnection createTopicConnection(String userName, String userPassword) throws JMSException {
        return open(userName, userPassword, Domain.TOPIC);
    }

    @Override
    public JMSContext createContext() {
        return createContext(user, password, JMSContext.AUTO_ACKNOWLEDGE);
    }

    @Override
    public JMSContext createContext(String userName, String userPassword) {
        return createContext(userName, userPassword, JMSContext.AUTO_ACKNOWLEDGE);
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return createContext(user, password, sessionMode);
    }

    @Override
    public JMSContext createContext(String userName, String userPassword, int sessionMode) {
        return ConnectionOpener.openContext(
                serverUrl(), userName, userPassword, configuredClientId(), trust(), sessionMode);
    }

    private PosthornConnection open(String userName, String userPassword, Domain domain) throws JMSException {
        return ConnectionOpener.open(serverUrl(), userName, userPassword, configuredClientId(), trust(), domain);
    }

    /** The URL as the engine knows it. */
    final ServerUrl serverUrl() {
        return ServerUrl.parse(url);
    }

    /** What object messages may hold: what this factory says, otherwise what the URL says, otherwise only JDK values. */
    final ObjectTrust trust() {
        String list = deserializationAllowList != null
                ? deserializationAllowList
                : serverUrl().deserializationAllowList();
        return list == null ? ObjectTrust.jdkOnly() : ObjectTrust.of(list);
    }

    /** The client identifier of this factory, otherwise the URL's, or null. */
    final String configuredClientId() {
        return clientID != null ? clientID : serverUrl().clientId();
    }

    public String getUrl() {
        return url;
    }

    /** An unknown option, or a value that is none, is an {@link IllegalArgumentException} that names it. */
    public void setUrl(String value) {
        url = checkedUrl(value);
    }

    public String getUser() {
        return user;
    }

    public void setUser(String value) {
        user = value;
    }

    /** Another name of {@code user}. */
    public String getUserName() {
        return user;
    }

    /** Another name of {@code user}. */
    public void setUserName(String value) {
        user = value;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String value) {
        password = value;
    }

    public String getClientID() {
        return clientID;
    }

    /** Null leaves the client identifier to the URL or to the connection; an empty one is refused. */
    public void setClientID(String value) {
        if (value != null && value.isEmpty()) {
            throw new IllegalArgumentException(
                    "clientID is empty; leave it out, or give each client a name of its own");
        }
        clientID = value;
    }

    public String getDeserializationAllowList() {
        return deserializationAllowList;
    }

    /** Which classes object messages may hold, as {@link ObjectTrust#of} reads it; null leaves it to the URL. */
    public void setDeserializationAllowList(String value) {
        ObjectTrust.of(value);
        deserializationAllowList = value;
    }

    /** How a naming service stores this factory. */
    @Override
    public Reference getReference() {
        return FactorySettings.reference(this);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + serverUrl() + (user == null ? "" : ", user " + user) + "]";
    }

    private static String checkedUrl(String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("the connection URL is " + (value == null ? "null" : "blank")
                    + "; give one such as " + DEFAULT_URL);
        }
        String text = value.strip();
        ServerUrl.parse(text);
        return text;
    }
}
