package io.posthorn.jms;

import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
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
        return openXa(getUser(), getPassword(), XAConnection.class);
    }

    @Override
    public XAConnection createXAConnection(String userName, String userPassword) throws JMSException {
        return openXa(userName, userPassword, XAConnection.class);
    }

    @Override
    public XAQueueConnection createXAQueueConnection() throws JMSException {
        return openXa(getUser(), getPassword(), XAQueueConnection.class);
    }

    @Override
    public XAQueueConnection createXAQueueConnection(String userName, String userPassword) throws JMSException {
        return openXa(userName, userPassword, XAQueueConnection.class);
    }

    @Override
    public XATopicConnection createXATopicConnection() throws JMSException {
        return openXa(getUser(), getPassword(), XATopicConnection.class);
    }

    @Override
    public XATopicConnection createXATopicConnection(String userName, String userPassword) throws JMSException {
        return openXa(userName, userPassword, XATopicConnection.class);
    }

    @Override
    public XAJMSContext createXAContext() {
        return createXAContext(getUser(), getPassword());
    }

    /** JOIN: hand over to the XAJMSContext, as {@link PosthornConnectionFactory#createContext(String, String, int)} does. */
    @Override
    public XAJMSContext createXAContext(String userName, String userPassword) {
        throw new JMSRuntimeException("not joined yet: " + serverUrl() + userName + (userPassword == null));
    }

    /** JOIN: hand over to the XA form of io.posthorn.jms.connection.ConnectionOpener. */
    private <C> C openXa(String userName, String userPassword, Class<C> kind) throws JMSException {
        throw new JMSException("not joined yet: " + serverUrl() + userName + (userPassword == null) + kind);
    }
}
