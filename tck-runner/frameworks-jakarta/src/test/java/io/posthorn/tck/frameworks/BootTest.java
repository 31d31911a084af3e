package io.posthorn.tck.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.Version;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.SpringVersion;
import org.springframework.jms.config.JmsListenerEndpointRegistry;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.jms.listener.DefaultMessageListenerContainer;

/** An application of Spring Boot with {@code spring.jms.*}, and its dependency management. */
@ExtendWith(TestServer.class)
class BootTest {

    private final String url;

    BootTest(ServerProcess server) {
        url = server.url();
    }

    static ConfigurableApplicationContext run(String url, String queue, Map<String, Object> properties) {
        return new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .properties(Map.of(
                        "posthorn.url",
                        url,
                        "app.queue",
                        queue,
                        "spring.main.banner-mode",
                        "off",
                        "spring.jms.listener.receive-timeout",
                        "200ms"))
                .properties(properties)
                .run();
    }

    @Test
    void shouldRunOnTheVersionsThatSpringBootManages() {
        assertThat(SpringVersion.getVersion()).isEqualTo(System.getProperty("frameworks.spring.version"));
        assertThat(Version.identify())
                .hasEntrySatisfying(
                        "netty-common",
                        version -> assertThat(version.artifactVersion())
                                .isEqualTo(System.getProperty("frameworks.netty.version")));
    }

    @Test
    void shouldSendToAnAnnotatedListenerAndGetItsReply() throws Exception {
        try (ConfigurableApplicationContext context = run(url, "boot.plain", Map.of())) {
            JmsTemplate template = context.getBean(JmsTemplate.class);
            template.setReceiveTimeout(TestServer.WAIT_MS);

            template.convertAndSend("boot.plain", "to the listener");
            Message reply = template.sendAndReceive("boot.plain.request", session -> {
                Message request = session.createTextMessage("a request");
                request.setStringProperty("tenant", "blue");
                return request;
            });

            assertThat(context.getBean(Inbox.class).nextText()).isEqualTo("to the listener");
            assertThat(reply).isNotNull();
            assertThat(reply.getBody(String.class)).isEqualTo("blue answers a request");
        }
    }

    @Test
    void shouldHaveTheJmsHealthUp() throws ReflectiveOperationException {
        try (ConfigurableApplicationContext context = run(url, "boot.health", Map.of())) {
            assertThat(health(context)).contains("UP").contains("Posthorn");
        }
    }

    /** By its name: the type is another one in each generation of Spring Boot. */
    static String health(ConfigurableApplicationContext context) throws ReflectiveOperationException {
        Object indicator = context.getBean("jmsHealthContributor");
        return String.valueOf(indicator.getClass().getMethod("health").invoke(indicator));
    }

    @Test
    void shouldTakeTheSettingsOfTemplateAndListeners() throws JMSException, InterruptedException {
        Map<String, Object> settings = Map.of(
                "spring.jms.template.default-destination", "boot.settings.default",
                "spring.jms.template.qos-enabled", "true",
                "spring.jms.template.delivery-mode", "non_persistent",
                "spring.jms.template.priority", "7",
                "spring.jms.template.time-to-live", "60s",
                "spring.jms.template.delivery-delay", "50ms",
                "spring.jms.template.receive-timeout", "30s",
                "spring.jms.listener.max-concurrency", "3");
        try (ConfigurableApplicationContext context = run(url, "boot.settings", settings)) {
            JmsTemplate template = context.getBean(JmsTemplate.class);
            template.convertAndSend("by default");

            Message message = template.receive();

            assertThat(message.getBody(String.class)).isEqualTo("by default");
            assertThat(message.getJMSPriority()).isEqualTo(7);
            assertThat(message.getJMSDeliveryMode()).isEqualTo(DeliveryMode.NON_PERSISTENT);
            assertThat(message.getJMSExpiration()).isGreaterThanOrEqualTo(message.getJMSTimestamp() + 60_000);
            assertThat(message.getJMSDeliveryTime()).isEqualTo(message.getJMSTimestamp() + 50);
            assertThat(containers(context))
                    .allSatisfy(container ->
                            assertThat(container.getMaxConcurrentConsumers()).isEqualTo(3));
            for (int number = 0; number < 10; number++) {
                template.convertAndSend("boot.settings", "m" + number);
            }
            assertThat(context.getBean(Inbox.class).texts(10)).contains("m0", "m9");
        }
    }

    /** Spring Boot 2.7 has no such properties. */
    @Test
    @EnabledIfSystemProperty(named = "frameworks.spring.version", matches = "[67].*")
    void shouldSubscribeDurablyWhenThePropertiesSaySo() throws JMSException, InterruptedException {
        Map<String, Object> settings = Map.of(
                "spring.jms.pub-sub-domain", "true",
                "spring.jms.subscription-durable", "true",
                "spring.jms.client-id", "boot.client");
        try (ConfigurableApplicationContext context = run(url, "boot.topic", settings)) {
            awaitOneSubscriber(context);
            context.getBean(JmsTemplate.class).convertAndSend("boot.topic", "first");
            assertThat(context.getBean(Inbox.class).nextText()).isEqualTo("first");
        }
        JmsTemplate other = new JmsTemplate(new io.posthorn.jms.PosthornConnectionFactory(url));
        other.setPubSubDomain(true);
        other.convertAndSend("boot.topic", "while down");

        try (ConfigurableApplicationContext context = run(url, "boot.topic", settings)) {
            awaitOneSubscriber(context);
            assertThat(context.getBean(Inbox.class).nextText()).isEqualTo("while down");
            assertThat(context.getBean(ConnectionFactory.class)).isNotNull();
        }
    }

    /**
     * Two containers cannot both give one shared connection a client identifier: Spring resets the connection whenever the
     * second tries. So only one of the application's listeners goes on.
     */
    private static void awaitOneSubscriber(ConfigurableApplicationContext context) {
        containers(context).stream()
                .filter(container -> !"boot.topic".equals(container.getDestinationName()))
                .forEach(DefaultMessageListenerContainer::shutdown);
        containers(context).stream()
                .filter(container -> "boot.topic".equals(container.getDestinationName()))
                .forEach(container -> await().atMost(Duration.ofMillis(TestServer.WAIT_MS))
                        .until(container::isRegisteredWithDestination));
    }

    private static java.util.List<DefaultMessageListenerContainer> containers(ConfigurableApplicationContext context) {
        return context.getBean(JmsListenerEndpointRegistry.class).getListenerContainers().stream()
                .map(DefaultMessageListenerContainer.class::cast)
                .toList();
    }
}
