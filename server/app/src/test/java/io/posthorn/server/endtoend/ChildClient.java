package io.posthorn.server.endtoend;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;

/** A client in a JVM of its own, whose {@code main} returns with its connection open. */
final class ChildClient {

    private ChildClient() {}

    public static void main(String[] arguments) throws JMSException {
        String url = arguments[0].equals("embedded") ? "vm://child" : arguments[1];
        Connection connection = new PosthornConnectionFactory(url).createConnection();
        connection.start();
        Session session = connection.createSession();
        if (arguments[0].equals("listener")) {
            session.createConsumer(session.createQueue("life"))
                    .setMessageListener(message -> hear(message, connection));
        } else {
            session.createProducer(session.createQueue("other")).send(session.createTextMessage("hello"));
            session.createConsumer(session.createQueue("other")).receive(10_000);
        }
        System.out.println("main has returned");
    }

    private static void hear(Message message, Connection connection) {
        try {
            String text = message.getBody(String.class);
            System.out.println("heard " + text);
            if (text.equals("exit")) {
                System.exit(3);
            } else if (text.equals("close")) {
                new Thread(() -> close(connection), "closer").start();
            }
        } catch (JMSException e) {
            throw new IllegalStateException("A message without a text", e);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (JMSException e) {
            throw new IllegalStateException("The connection cannot be closed", e);
        }
    }
}
