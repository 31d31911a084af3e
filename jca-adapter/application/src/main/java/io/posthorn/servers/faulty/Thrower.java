package io.posthorn.servers.faulty;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Fails on each message, one at a time. */
@MessageDriven(
        name = "Thrower",
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "it.orders"),
            @ActivationConfigProperty(propertyName = "maxSessions", propertyValue = "1")
        })
public class Thrower implements MessageListener {

    @EJB
    private Failures failures;

    @Override
    public void onMessage(Message message) {
        failures.note();
        throw new IllegalStateException("This bean fails on purpose");
    }
}
