package io.posthorn.examples.quickstart;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The first application: reads a file of orders line by line and sends each as a persistent message. */
public final class OrderSender {
    /** The property of the message that says there are no more orders. */
    static final String LAST = "last";

    private OrderSender() {}

    public static void main(String[] args) throws IOException, NamingException, JMSException {
        InitialContext jndi = new InitialContext();
        ConnectionFactory factory = (ConnectionFactory) jndi.lookup("ConnectionFactory");
        Queue orders = (Queue) jndi.lookup("orders");

        try (JMSContext context = factory.createContext();
                BufferedReader file = Files.newBufferedReader(Path.of(args[0]))) {
            JMSProducer producer = context.createProducer().setDeliveryMode(DeliveryMode.PERSISTENT);
            file.readLine(); // the names of the columns
            int sent = 0;
            for (String line = file.readLine(); line != null; line = file.readLine()) {
                producer.send(orders, line);
                sent++;
                System.out.println("done " + sent);
            }
            Message last = context.createMessage();
            last.setBooleanProperty(LAST, true);
            producer.send(orders, last);
        }
    }
}
