package io.posthorn.servers.application;

import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Sends one message in whatever transaction the caller has, or in none. */
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class Courier {

    @Inject
    @JMSConnectionFactory("java:comp/env/jms/Factory")
    private JMSContext injected;

    @Inject
    private Provider<Platform> platform;

    @Resource(name = "jms/Factory")
    private ConnectionFactory factory;

    public void send(Way way, String queue, String text) {
        try {
            switch (way) {
                case INJECTED -> injected.createProducer().send(injected.createQueue(queue), text);
                case RESOURCE -> send(factory, queue, text);
                case LOOKUP -> send(lookedUp(), queue, text);
                case CLASSIC -> sendAsBefore(queue, text);
                case DEFAULT -> platform.get().send(queue, text);
            }
        } catch (NamingException | JMSException e) {
            throw new EJBException(e);
        }
    }

    private static ConnectionFactory lookedUp() throws NamingException {
        Context environment = (Context) new InitialContext().lookup("java:comp/env");
        return (ConnectionFactory) environment.lookup("jms/Factory");
    }

    private static void send(ConnectionFactory factory, String queue, String text) {
        try (JMSContext jms = factory.createContext()) {
            jms.createProducer().send(jms.createQueue(queue), text);
        }
    }

    /** With the arguments that such code has outside of a container: in a transaction they mean nothing. */
    private void sendAsBefore(String queue, String text) throws JMSException {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            session.createProducer(session.createQueue(queue)).send(session.createTextMessage(text));
        }
    }
}
