package io.posthorn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.broker.Login.Verb;
import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.server.config.NamePattern;
import io.posthorn.server.config.PermissionRule;
import io.posthorn.server.config.ServerSettings;
import io.posthorn.server.config.ServerSettings.Access;
import io.posthorn.server.config.UserEntry;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server with the client that people use. */
@Timeout(60)
class ApplicationTest {

    @TempDir
    private Path folder;

    private ServerSettings settings() {
        return ServerSettings.defaults().withData(folder).withListen("127.0.0.1", 0);
    }

    private static PosthornConnectionFactory factory(PosthornServer server) throws JMSException {
        return new PosthornConnectionFactory("tcp://127.0.0.1:" + server.port());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldKeepPersistentMessagesThroughARestart(int threads) throws Exception {
        ServerSettings.Limits defaults = settings().limits();
        ServerSettings settings = settings()
                .withLimits(new ServerSettings.Limits(
                        defaults.messageLengthMax(),
                        defaults.resumeWindow(),
                        defaults.xaTimeout(),
                        defaults.heartbeat(),
                        defaults.memoryContents(),
                        defaults.memoryIndex(),
                        defaults.memoryTransactions(),
                        defaults.checkpointBytes(),
                        defaults.journalSegmentBytes(),
                        defaults.diskFreeMin(),
                        threads));
        try (PosthornServer server = PosthornServer.start(settings);
                JMSContext jms = factory(server).createContext()) {
            for (int number = 0; number < 100; number++) {
                jms.createProducer().send(jms.createQueue("orders"), "order " + number);
            }
        }
        try (PosthornServer server = PosthornServer.start(settings);
                JMSContext jms = factory(server).createContext()) {
            var consumer = jms.createConsumer(jms.createQueue("orders"));
            for (int number = 0; number < 100; number++) {
                assertThat(consumer.receiveBody(String.class, 10_000)).isEqualTo("order " + number);
            }
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    void shouldCarryALongMessage() throws Exception {
        try (PosthornServer server = PosthornServer.start(settings());
                JMSContext jms = factory(server).createContext()) {
            String text = "0123456789".repeat(300_000);
            jms.createProducer().send(jms.createQueue("long"), text);
            assertThat(jms.createConsumer(jms.createQueue("long")).receiveBody(String.class, 10_000))
                    .isEqualTo(text);
        }
    }

    @Test
    void shouldRefuseWrongCredentialsAndWhatIsNotPermitted() throws Exception {
        Access access = new Access(
                false,
                List.of(new UserEntry("shop", "s3cret")),
                List.of(new PermissionRule(NamePattern.of("orders"), Set.of("shop"), EnumSet.allOf(Verb.class))));
        try (PosthornServer server = PosthornServer.start(settings().withAccess(access))) {
            assertThatThrownBy(() -> use(factory(server), "shop", "wrong", "orders"))
                    .isInstanceOf(jakarta.jms.JMSSecurityRuntimeException.class);
            assertThatThrownBy(() -> use(factory(server), "shop", "s3cret", "forbidden"))
                    .isInstanceOf(JMSRuntimeException.class);
            use(factory(server), "shop", "s3cret", "orders");
        }
    }

    private static void use(PosthornConnectionFactory factory, String user, String password, String queue) {
        try (JMSContext jms = factory.createContext(user, password)) {
            jms.createProducer().send(jms.createQueue(queue), "hello");
            assertThat(jms.createConsumer(jms.createQueue(queue)).receiveBody(String.class, 10_000))
                    .isEqualTo("hello");
        }
    }

    @Test
    void shouldServeWithinTheJvm() throws Exception {
        PosthornConnectionFactory factory =
                new PosthornConnectionFactory("vm://application-test?data=" + folder.resolve("vm"));
        try (JMSContext jms = factory.createContext()) {
            jms.createProducer().send(jms.createQueue("inside"), "hello");
        }
        try (JMSContext jms = factory.createContext()) {
            assertThat(jms.createConsumer(jms.createQueue("inside")).receiveBody(String.class, 10_000))
                    .isEqualTo("hello");
        }
    }
}
