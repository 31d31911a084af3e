package io.posthorn.servers.application;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** A durable subscription, with a client identifier of its own. */
@MessageDriven(
        name = "DurableNews",
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Topic"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "it.news"),
            @ActivationConfigProperty(propertyName = "subscriptionDurability", propertyValue = "Durable"),
            @ActivationConfigProperty(propertyName = "clientId", propertyValue = "it-client"),
            @ActivationConfigProperty(propertyName = "subscriptionName", propertyValue = "it-durable")
        })
public class DurableNews implements MessageListener {

    @EJB
    private Diary diary;

    @Override
    public void onMessage(Message message) {
        diary.note("durable", Texts.of(message));
    }
}
