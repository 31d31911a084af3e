package io.posthorn.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.TopicConnectionFactory;
import jakarta.jms.XAConnectionFactory;
import java.util.Hashtable;
import java.util.Map;
import javax.naming.ConfigurationException;
import javax.naming.Reference;
import javax.naming.StringRefAddr;
import javax.naming.spi.NamingManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionFactoryTest {

    private static PosthornConnectionFactory full(PosthornConnectionFactory factory) {
        factory.setUser("u");
        factory.setPassword("secret");
        factory.setClientID("c");
        factory.setDeserializationAllowList("com.acme.*");
        return factory;
    }

    private static void verifyFull(PosthornConnectionFactory factory, Class<?> type) {
        assertThat(factory).isExactlyInstanceOf(type);
        assertThat(factory.getUrl()).isEqualTo("tcp://h:1");
        assertThat(factory.getUser()).isEqualTo("u");
        assertThat(factory.getUserName()).isEqualTo("u");
        assertThat(factory.getPassword()).isEqualTo("secret");
        assertThat(factory.getClientID()).isEqualTo("c");
        assertThat(factory.getDeserializationAllowList()).isEqualTo("com.acme.*");
    }

    @Test
    void shouldUseTheEnvironmentOrTheDefault() {
        PosthornConnectionFactory bare = new PosthornConnectionFactory(Map.<String, String>of()::get);
        assertThat(bare.getUrl()).isEqualTo("tcp://127.0.0.1:7660");
        assertThat(bare.getUser()).isNull();

        PosthornConnectionFactory configured = new PosthornConnectionFactory(
                Map.of("POSTHORN_URL", "tcp://e:2", "POSTHORN_USER", "eu", "POSTHORN_PASSWORD", "ep")::get);
        assertThat(configured.getUrl()).isEqualTo("tcp://e:2");
        assertThat(configured.getUser()).isEqualTo("eu");
        assertThat(configured.getPassword()).isEqualTo("ep");
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = " ")
    void shouldRefuseAUrlThatIsNone(String url) {
        PosthornConnectionFactory factory = new PosthornConnectionFactory();

        assertThatThrownBy(() -> factory.setUrl(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tcp://127.0.0.1:7660");
        assertThatThrownBy(() -> new PosthornXAConnectionFactory(url, "u", "p"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseSettingsThatAreNone() {
        PosthornConnectionFactory factory = new PosthornConnectionFactory();

        assertThatThrownBy(() -> factory.setClientID("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> factory.setDeserializationAllowList("a b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSurviveSerialisation() throws Exception {
        verifyFull(
                Copies.serialised(full(new PosthornConnectionFactory("tcp://h:1"))), PosthornConnectionFactory.class);
        verifyFull(
                Copies.serialised(full(new PosthornXAConnectionFactory("tcp://h:1"))),
                PosthornXAConnectionFactory.class);
    }

    @Test
    void shouldSurviveANamingService() throws Exception {
        for (PosthornConnectionFactory factory : new PosthornConnectionFactory[] {
            full(new PosthornConnectionFactory("tcp://h:1")), full(new PosthornXAConnectionFactory("tcp://h:1"))
        }) {
            Reference stored = Copies.serialised(factory.getReference());
            Object resolved = NamingManager.getObjectInstance(stored, null, null, new Hashtable<>());

            verifyFull((PosthornConnectionFactory) resolved, factory.getClass());
        }
        Reference queue = Copies.serialised(new PosthornQueue("a/b").getReference());
        assertThat(NamingManager.getObjectInstance(queue, null, null, new Hashtable<>()))
                .isEqualTo(new PosthornQueue("a/b"));
        Reference topic = Copies.serialised(new PosthornTopic("t").getReference());
        assertThat(NamingManager.getObjectInstance(topic, null, null, new Hashtable<>()))
                .isEqualTo(new PosthornTopic("t"));
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ConnectionFactory.class,
                QueueConnectionFactory.class,
                TopicConnectionFactory.class,
                XAConnectionFactory.class,
                PosthornConnectionFactory.class
            })
    void shouldBeMadeFromAContainersResource(Class<?> type) throws Exception {
        Reference reference = containersReference(type);
        reference.add(new StringRefAddr("brokerURL", "tcp://h:1"));
        reference.add(new StringRefAddr("userName", "u"));
        reference.add(new StringRefAddr("PASSWORD", "secret"));
        reference.add(new StringRefAddr("clientId", "c"));
        reference.add(new StringRefAddr("deserializationAllowList", "com.acme.*"));

        Object made = new PosthornObjectFactory().getObjectInstance(reference, null, null, null);

        assertThat(made).isInstanceOf(type);
        verifyFull((PosthornConnectionFactory) made, made.getClass());
    }

    @Test
    void shouldMakeDestinationsFromAContainersResource() throws Exception {
        Reference queue = containersReference(jakarta.jms.Queue.class);
        queue.add(new StringRefAddr("physicalName", "orders"));
        Reference topic = containersReference(PosthornTopic.class);
        topic.add(new StringRefAddr("name", "prices"));

        PosthornObjectFactory factory = new PosthornObjectFactory();

        assertThat(factory.getObjectInstance(queue, null, null, null)).isEqualTo(new PosthornQueue("orders"));
        assertThat(factory.getObjectInstance(topic, null, null, null)).isEqualTo(new PosthornTopic("prices"));
    }

    @Test
    void shouldNameTheAttributeThatIsWrong() {
        PosthornObjectFactory factory = new PosthornObjectFactory();
        Reference typo = containersReference(ConnectionFactory.class);
        typo.add(new StringRefAddr("brokerULR", "tcp://h:1"));
        Reference blank = containersReference(ConnectionFactory.class);
        blank.add(new StringRefAddr("url", " "));
        Reference nameless = containersReference(jakarta.jms.Queue.class);

        assertThatThrownBy(() -> factory.getObjectInstance(typo, null, null, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("brokerULR")
                .hasMessageContaining("'brokerURL'");
        assertThatThrownBy(() -> factory.getObjectInstance(blank, null, null, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("attribute url")
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> factory.getObjectInstance(nameless, null, null, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("physicalName");
    }

    @Test
    void shouldLeaveOtherReferencesToOtherFactories() throws Exception {
        PosthornObjectFactory factory = new PosthornObjectFactory();

        assertThat(factory.getObjectInstance(containersReference(String.class), null, null, null))
                .isNull();
        assertThat(factory.getObjectInstance("text", null, null, null)).isNull();
        assertThat(factory.getObjectInstance(null, null, null, null)).isNull();
    }

    @Test
    void shouldNotShowItsPassword() {
        assertThat(full(new PosthornConnectionFactory("tcp://h:1")).toString())
                .contains("tcp://h:1", "user u")
                .doesNotContain("secret");
    }

    private static Reference containersReference(Class<?> type) {
        Reference reference = new Reference(type.getName(), PosthornObjectFactory.class.getName(), null);
        reference.add(new StringRefAddr("auth", "Container"));
        reference.add(new StringRefAddr("scope", "Shareable"));
        reference.add(new StringRefAddr("singleton", "true"));
        reference.add(new StringRefAddr("factory", PosthornObjectFactory.class.getName()));
        return reference;
    }
}
