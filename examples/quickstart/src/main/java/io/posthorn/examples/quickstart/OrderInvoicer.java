package io.posthorn.examples.quickstart;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The second application: takes each order in a transaction and sends its invoice in the same transaction. */
public final class OrderInvoicer {
    private static final int NO_ORDER_FOR_MS = 60_000;

    private OrderInvoicer() {}

    public static void main(String[] args) throws NamingException, JMSException {
        InitialContext jndi = new InitialContext();
        ConnectionFactory factory = (ConnectionFactory) jndi.lookup("ConnectionFactory");
        Queue orders = (Queue) jndi.lookup("orders");
        Queue invoices = (Queue) jndi.lookup("invoices");

        try (JMSContext context = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
            JMSConsumer consumer = context.createConsumer(orders);
            JMSProducer producer = context.createProducer();
            System.out.println("ready");
            int invoiced = 0;
            for (Message order = next(consumer); !order.propertyExists(OrderSender.LAST); order = next(consumer)) {
                producer.send(
                        invoices,
                        Invoice.of(Order.parse(order.getBody(String.class))).toLine());
                context.commit();
                invoiced++;
                System.out.println("done " + invoiced);
            }
            context.commit();
        }
    }

    private static Message next(JMSConsumer consumer) {
        Message message = consumer.receive(NO_ORDER_FOR_MS);
        if (message == null) {
            throw new IllegalStateException("No order came for " + NO_ORDER_FOR_MS / 1000 + " s");
        }
        return message;
    }
}
