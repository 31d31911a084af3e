package io.posthorn.servers.application;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.inject.Inject;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Passes messages on from one queue to another, several at a time, each in one transaction. */
@MessageDriven(
        name = "Load",
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "it.load.in"),
            @ActivationConfigProperty(propertyName = "maxSessions", propertyValue = "4")
        })
public class Load implements MessageListener {

    @Inject
    @JMSConnectionFactory("java:comp/env/jms/Factory")
    private JMSContext jms;

    @Override
    public void onMessage(Message message) {
        jms.createProducer().send(jms.createQueue("it.load.out"), Texts.of(message));
    }
}
