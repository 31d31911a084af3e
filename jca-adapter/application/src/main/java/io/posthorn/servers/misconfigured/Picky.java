package io.posthorn.servers.misconfigured;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** In order as it stands here; each test makes one text of its annotation wrong. */
@MessageDriven(
        name = "Picky",
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "orders")
        })
public class Picky implements MessageListener {

    @Override
    public void onMessage(Message message) {
        throw new IllegalStateException("Nothing can come here");
    }
}
