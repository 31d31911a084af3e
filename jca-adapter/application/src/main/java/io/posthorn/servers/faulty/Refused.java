package io.posthorn.servers.faulty;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Has a wrong password. The test puts a way to the broker in place of the port 17661. */
@MessageDriven(
        name = "Refused",
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "orders"),
            @ActivationConfigProperty(propertyName = "userName", propertyValue = "app"),
            @ActivationConfigProperty(propertyName = "password", propertyValue = "guessed"),
            @ActivationConfigProperty(propertyName = "url", propertyValue = "tcp://127.0.0.1:17661")
        })
public class Refused implements MessageListener {

    @Override
    public void onMessage(Message message) {
        throw new IllegalStateException("Nothing can come here");
    }
}
