package io.posthorn.tck.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.jms.support.converter.MappingJackson2MessageConverter;
import org.springframework.jms.support.converter.MessageType;

/** JSON in text and in bytes messages, by Spring's converter: its type property is an ordinary one. */
@ExtendWith(TestServer.class)
class JacksonConverterTest {

    private final JmsTemplate template;

    JacksonConverterTest(ServerProcess server) {
        template = new JmsTemplate(new PosthornConnectionFactory(server.url()));
        template.setReceiveTimeout(TestServer.WAIT_MS);
    }

    @Test
    void shouldCarryJsonInTextAndInBytes() {
        for (MessageType type : new MessageType[] {MessageType.TEXT, MessageType.BYTES}) {
            MappingJackson2MessageConverter converter = new MappingJackson2MessageConverter();
            converter.setTargetType(type);
            converter.setTypeIdPropertyName("_type");
            template.setMessageConverter(converter);

            template.convertAndSend("converter.json", new Order("äöü € 𝄞", 3));

            assertThat(template.receiveAndConvert("converter.json")).isEqualTo(new Order("äöü € 𝄞", 3));
        }
    }

    record Order(String item, int count) {}
}
