package io.posthorn.servers.application;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** A shared durable subscription: several servers, or several sessions of one, divide its messages among them. */
@MessageDriven(
        name = "SharedNews",
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Topic"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "it.news"),
            @ActivationConfigProperty(propertyName = "subscriptionDurability", propertyValue = "Durable"),
            @ActivationConfigProperty(propertyName = "shareSubscriptions", propertyValue = "true"),
            @ActivationConfigProperty(propertyName = "subscriptionName", propertyValue = "it-shared"),
            @ActivationConfigProperty(propertyName = "maxSessions", propertyValue = "3")
        })
public class SharedNews implements MessageListener {

    @EJB
    private Diary diary;

    @Override
    public void onMessage(Message message) {
        diary.note("shared", Texts.of(message));
    }
}
