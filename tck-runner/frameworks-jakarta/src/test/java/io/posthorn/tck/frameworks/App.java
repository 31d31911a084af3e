package io.posthorn.tck.frameworks;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jms.annotation.JmsListener;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.SendTo;

/** An application of Spring Boot: the factory is the only bean that it has to make. */
@SpringBootConfiguration
@EnableAutoConfiguration
class App {

    private final Inbox inbox = new Inbox();

    @Bean
    ConnectionFactory connectionFactory(@Value("${posthorn.url}") String url) {
        return new CachingConnectionFactory(new PosthornConnectionFactory(url));
    }

    @Bean
    Inbox inbox() {
        return inbox;
    }

    /** Listens on the queue that the property names. */
    @JmsListener(destination = "${app.queue}")
    void hear(Message message, Session session) throws JMSException {
        inbox.onMessage(message, session);
    }

    @JmsListener(destination = "${app.queue}.request")
    @SendTo("boot.unused")
    String answer(String request, @Header("tenant") String tenant) {
        return tenant + " answers " + request;
    }
}
