package io.posthorn.servers.application;

import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.MessageDrivenContext;
import jakarta.inject.Inject;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.TextMessage;

/**
 * Takes orders from a queue and answers those that ask for it, in the transaction of the delivery. An order may ask to fail: so many
 * deliveries as its property {@code failures} says, by a rollback or, with {@code throwing}, by an exception.
 */
@MessageDriven(
        name = "Orders",
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "it.orders")
        })
public class Orders implements MessageListener {

    @Inject
    @JMSConnectionFactory("java:comp/env/jms/Factory")
    private JMSContext jms;

    @Resource
    private MessageDrivenContext context;

    @EJB
    private Diary diary;

    @Override
    public void onMessage(Message message) {
        try {
            String text = ((TextMessage) message).getText();
            int delivery = message.getIntProperty("JMSXDeliveryCount");
            diary.note("orders", text + " " + delivery + (message.getJMSRedelivered() ? " again" : " first"));
            if (message.getJMSReplyTo() != null) {
                jms.createProducer()
                        .setJMSCorrelationID(message.getJMSMessageID())
                        .send(message.getJMSReplyTo(), "answer to " + text + " " + delivery);
            }
            if (message.propertyExists("failures") && delivery <= message.getIntProperty("failures")) {
                fail(message.propertyExists("throwing"));
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private void fail(boolean throwing) {
        if (throwing) {
            throw new IllegalStateException("The order asked for this exception");
        }
        context.setRollbackOnly();
    }
}
