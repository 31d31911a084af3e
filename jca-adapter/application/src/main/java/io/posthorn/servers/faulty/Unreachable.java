package io.posthorn.servers.faulty;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Has a broker that is never there: nobody listens at port 1. */
@MessageDriven(
        name = "Unreachable",
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "orders"),
            @ActivationConfigProperty(propertyName = "url", propertyValue = "tcp://127.0.0.1:1")
        })
public class Unreachable implements MessageListener {

    @Override
    public void onMessage(Message message) {
        throw new IllegalStateException("Nothing can come here");
    }
}
