package io.posthorn.servers.application;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.TemporaryQueue;

/** Sends an order and waits for its answer on a temporary queue; outside of a transaction, in which nothing would be sent before its end. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Requester {

    private static final long TIMEOUT_MS = 20_000;

    @Resource(name = "jms/Factory")
    private ConnectionFactory factory;

    public String request(String text) {
        try (JMSContext jms = factory.createContext()) {
            TemporaryQueue answers = jms.createTemporaryQueue();
            try (JMSConsumer consumer = jms.createConsumer(answers)) {
                jms.createProducer().setJMSReplyTo(answers).send(jms.createQueue("it.orders"), text);
                return consumer.receiveBody(String.class, TIMEOUT_MS);
            }
        }
    }
}
