package io.posthorn.jms;

import io.posthorn.jms.connection.ConnectionOpener;
import io.posthorn.jms.connection.Domain;
import io.posthorn.jms.connection.PosthornXAConnection;
import jakarta.jms.JMSException;
import jakarta.jms.XAConnection;
import jakarta.jms.XAConnectionFactory;
import jakarta.jms.XAJMSContext;
import jakarta.jms.XAQueueConnection;
import jakarta.jms.XAQueueConnectionFactory;
import jakarta.jms.XATopicConnection;
import jakarta.jms.XATopicConnectionFactory;

/**
 * Makes connections that take part in global transactions (JMS 3.1 chapter 10 and section 6.1): the properties are those of {@link
 * PosthornConnectionFactory}, whose methods give ordinary connections here too.
 */
public class PosthornXAConnectionFactory extends PosthornConnectionFactory
        implements XAConnectionFactory, XAQueueConnectionFactory, XATopicConnectionFactory {

    private static final long serialVersionUID = 1L;

    /** As {@link PosthornConnectionFactory#PosthornConnectionFactory()}. */
    public PosthornXAConnectionFactory() {}

    public PosthornXAConnectionFactory(String url) {
        super(url);
    }

    public PosthornXAConnectionFactory(String url, String user, String password) {
        super(url, user, password);
    }

    @Override
    public XAConnection createXAConnection() throws JMSException {
        return openXa(getUser(), getPassword(), Domain.ANY);
    }

    @Override
    public XAConnection createXAConnection(String userName, String userPassword) throws JMSException {
        return openXa(userName, userPassword, Domain.ANY);
    }

    @Override
    public XAQueueConnection createXAQueueConnection() throws JMSException {
        return openXa(getUser(), getPassword(), Domain.QUEUE);
    }

    @Override
    public XAQueueConnection createXAQueueConnection(String userName, String userPassword) throws JMSException {
        return openXa(userName, userPassword, Domain.QUEUE);
    }

    @Override
    public XATopicConnection createXATopicConnection() throws JMSException {
        return openXa(getUser(), getPassword(), Domain.TOPIC);
    }

    @Override
    public XATopicConnection createXATopicConnection(String userName, String userPassword) throws JMSException {
        return openXa(userName, userPassword, Domain.TOPIC);
    }

    @Override
    public XAJMSContext createXAContext() {
        return createXAContext(getUser(), getPassword());
    }

    @Override
    public XAJMSContext createXAContext(String userName, String userPassword) {
        return ConnectionOpener.openXaContext(serverUrl(), userName, userPassword, configuredClientId(), trust());
    }

    private PosthornXAConnection openXa(String userName, String userPassword, Domain domain) throws JMSException {
        return ConnectionOpener.openXa(serverUrl(), userName, userPassword, configuredClientId(), trust(), domain);
    }
}
