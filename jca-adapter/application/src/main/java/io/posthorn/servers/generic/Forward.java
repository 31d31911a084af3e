package io.posthorn.servers.generic;

import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.MessageDrivenContext;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;

/**
 * Passes messages on with the number of the delivery, in the transaction of the delivery; rolls back as often as the property
 * {@code failures} says. Where it takes them from stands in the server's descriptor.
 */
@MessageDriven(
        name = "Forward",
        activationConfig =
                @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"))
public class Forward implements MessageListener {

    @Resource(name = "jms/Factory")
    private ConnectionFactory factory;

    @Resource
    private MessageDrivenContext context;

    @Override
    public void onMessage(Message message) {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            int delivery = message.getIntProperty("JMSXDeliveryCount");
            String text = ((TextMessage) message).getText() + " " + delivery;
            session.createProducer(session.createQueue("it.generic.out")).send(session.createTextMessage(text));
            if (message.propertyExists("failures") && delivery <= message.getIntProperty("failures")) {
                context.setRollbackOnly();
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
