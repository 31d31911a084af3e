package io.posthorn.examples.jakartaee;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** Confirms orders, each in a transaction: when it fails, the order comes again. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "destinationLookup", propertyValue = "java:/jms/orders")
        })
public class OrderListener implements MessageListener {

    @EJB
    private OrderBook book;

    @Override
    public void onMessage(Message message) {
        try {
            book.confirm(message.getBody(String.class));
        } catch (JMSException e) {
            throw new IllegalArgumentException("Not an order: " + message, e);
        }
    }
}
