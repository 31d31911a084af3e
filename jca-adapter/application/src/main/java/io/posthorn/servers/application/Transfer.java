package io.posthorn.servers.application;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Takes from a queue of one broker and sends to a queue of another: a transaction with two resource managers. */
@MessageDriven(
        name = "Transfer",
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "it.transfer.in"),
            @ActivationConfigProperty(propertyName = "maxSessions", propertyValue = "1")
        })
public class Transfer implements MessageListener {

    @Inject
    @JMSConnectionFactory("java:comp/env/jms/OtherFactory")
    private JMSContext other;

    @Override
    public void onMessage(Message message) {
        other.createProducer().send(other.createQueue("it.transfer.out"), Texts.of(message));
    }
}
