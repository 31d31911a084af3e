package io.posthorn.ra.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.posthorn.ra.PosthornResourceAdapter;
import io.posthorn.ra.harness.Bean;
import io.posthorn.ra.harness.Container;
import io.posthorn.ra.harness.Node;
import io.posthorn.ra.harness.Pool;
import io.posthorn.ra.inbound.PosthornActivationSpec;
import io.posthorn.ra.outbound.PosthornManagedConnectionFactory;
import io.posthorn.testkit.transaction.Coordinator;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ObjectName;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Message-driven beans: what they get, in which transaction, and what becomes of messages that they fail on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InboundTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private Node node;
    private PosthornResourceAdapter adapter;
    private Container container;
    private Pool pool;
    private ConnectionFactory factory;
    private String name;

    @BeforeAll
    void startServer(@TempDir Path home) {
        node = Node.start(home);
    }

    @AfterAll
    void stopServer() {
        node.close();
    }

    @BeforeEach
    void start(TestInfo test) throws ResourceException {
        name = test.getTestMethod().orElseThrow().getName();
        seen.clear();
        adapter = new PosthornResourceAdapter();
        adapter.setUrl(node.url());
        container = Container.start(adapter);
        pool = new Pool(TransactionSupportLevel.XATransaction, 10);
        PosthornManagedConnectionFactory managed = new PosthornManagedConnectionFactory();
        managed.setResourceAdapter(adapter);
        factory = (ConnectionFactory) managed.createConnectionFactory(pool);
    }

    @AfterEach
    void stop() throws ResourceException {
        container.close();
        pool.close();
    }

    private PosthornActivationSpec onQueue() {
        PosthornActivationSpec spec = new PosthornActivationSpec();
        spec.setDestination(name);
        spec.setDestinationType("jakarta.jms.Queue");
        spec.setRedeliveryDelay("1");
        spec.setSetupInterval("50");
        return spec;
    }

    private PosthornActivationSpec onTopic() {
        PosthornActivationSpec spec = onQueue();
        spec.setDestinationType("javax.jms.Topic");
        return spec;
    }

    private Bean activate(PosthornActivationSpec spec, Bean bean) throws ResourceException {
        spec.setResourceAdapter(adapter);
        spec.validate();
        adapter.endpointActivation(bean, spec);
        return bean;
    }

    private void note(Message message) {
        seen.add(text(message));
    }

    private static String text(Message message) {
        try {
            return message.getBody(String.class);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitSeen(String... texts) {
        await().atMost(SOON).untilAsserted(() -> assertThat(seen).containsExactlyInAnyOrder(texts));
    }

    private void forward(String text) {
        try (JMSContext context = factory.createContext()) {
            context.createProducer().send(context.createQueue(name + "-out"), text);
        }
    }

    @Test
    void shouldReceiveAndSendInOneTransaction() throws Exception {
        Bean bean = activate(onQueue(), Bean.transacted(message -> {
            forward(text(message) + " done");
            note(message);
        }));
        node.send(name, "a", "b");
        awaitSeen("a", "b");
        assertThat(node.next(name + "-out", 20_000)).isNotNull();
        assertThat(node.next(name + "-out", 20_000)).isNotNull();
        await().atMost(SOON).until(() -> bean.inUse() == 0);
        assertThat(node.drain(name)).isEmpty();
    }

    @Test
    void shouldRollBackWhatABeanSentWhenItFails() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        activate(onQueue(), Bean.transacted(message -> {
            int attempt = attempts.incrementAndGet();
            forward("attempt " + attempt);
            try {
                seen.add(message.getJMSRedelivered() + " " + message.getIntProperty("JMSXDeliveryCount"));
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
            if (attempt < 3) {
                throw new IllegalStateException("on purpose");
            }
        }));
        node.send(name, "a");
        awaitSeen("false 1", "true 2", "true 3");
        assertThat(node.next(name + "-out", 20_000)).isEqualTo("attempt 3");
        assertThat(node.drain(name + "-out")).isEmpty();
    }

    @Test
    void shouldDeliverAgainWithoutATransactionWhenABeanFails() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        activate(onQueue(), Bean.plain(message -> {
            note(message);
            if (attempts.incrementAndGet() < 3) {
                throw new IllegalStateException("on purpose");
            }
        }));
        node.send(name, "a");
        awaitSeen("a", "a", "a");
        container.close();
        assertThat(node.drain(name)).isEmpty();
    }

    @Test
    void shouldPutAMessageAsideThatABeanAlwaysFailsOn() throws Exception {
        node.drain("posthorn.dead-letters");
        activate(onQueue(), Bean.transacted(message -> {
            note(message);
            if (text(message).equals("bad")) {
                throw new IllegalStateException("on purpose");
            }
        }));
        node.send(name, "bad", "good");
        await().atMost(SOON).until(() -> seen.contains("good"));
        assertThat(node.next("posthorn.dead-letters", 20_000)).isEqualTo("bad");
        assertThat(seen).filteredOn("bad"::equals).hasSize(10);
    }

    @Test
    void shouldKeepTheOrderWithOneReceiverWhateverFails() throws Exception {
        PosthornActivationSpec spec = onQueue();
        spec.setMaxConcurrency(1);
        AtomicInteger count = new AtomicInteger();
        List<String> done = new CopyOnWriteArrayList<>();
        activate(spec, Bean.transacted(message -> {
            if (count.incrementAndGet() % 3 == 0) {
                throw new IllegalStateException("on purpose");
            }
            done.add(text(message));
        }));
        String[] texts = new String[40];
        for (int index = 0; index < texts.length; index++) {
            texts[index] = String.format("%02d", index);
        }
        node.send(name, texts);
        await().atMost(SOON).until(() -> done.size() >= texts.length);
        assertThat(done).containsExactly(texts);
    }

    @Test
    void shouldHandleAsManyMessagesAtATimeAsItMay() throws Exception {
        PosthornActivationSpec spec = onQueue();
        spec.setMaxSessions(4);
        CyclicBarrier together = new CyclicBarrier(4);
        activate(spec, Bean.transacted(message -> {
            try {
                together.await(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            note(message);
        }));
        node.send(name, "a", "b", "c", "d", "e", "f", "g", "h");
        awaitSeen("a", "b", "c", "d", "e", "f", "g", "h");
    }

    @Test
    void shouldWaitForInstancesWithoutLosingMessages() throws Exception {
        PosthornActivationSpec spec = onQueue();
        spec.setMaxConcurrency(3);
        Bean bean = activate(spec, Bean.transacted(this::note).withInstances(0));
        node.send(name, "a", "b", "c");
        await().atMost(SOON).until(() -> getString("State").equals("RUNNING"));
        assertThat(seen).isEmpty();
        bean.addInstances(1);
        awaitSeen("a", "b", "c");
        assertThat(node.drain("posthorn.dead-letters")).doesNotContain("a", "b", "c");
    }

    @Test
    void shouldListenToATopicOnceForAllReceivers() throws Exception {
        PosthornActivationSpec spec = onTopic();
        spec.setMaxConcurrency(3);
        activate(spec, Bean.transacted(this::note));
        await().atMost(SOON).until(() -> getString("State").equals("RUNNING"));
        node.publish(name, "a", "b", "c");
        awaitSeen("a", "b", "c");
    }

    @Test
    void shouldGetFromADurableSubscriptionWhatCameWhileItWasAway() throws Exception {
        PosthornActivationSpec spec = onTopic();
        spec.setSubscriptionDurability("Durable");
        spec.setSubscriptionName(name);
        spec.setClientId("client-" + name);
        Bean bean = activate(spec, Bean.transacted(this::note));
        await().atMost(SOON).until(() -> getString("State").equals("RUNNING"));
        node.publish(name, "a");
        awaitSeen("a");
        adapter.endpointDeactivation(bean, spec);
        node.publish(name, "b");
        activate(spec, bean);
        awaitSeen("a", "b");
    }

    @Test
    void shouldShareASubscriptionWithOtherEndpoints() throws Exception {
        for (int endpoint = 0; endpoint < 2; endpoint++) {
            PosthornActivationSpec spec = onTopic();
            spec.setShareSubscriptions(true);
            spec.setSubscriptionDurability("Durable");
            spec.setSubscriptionName(name);
            activate(spec, Bean.transacted(this::note));
        }
        await().atMost(SOON).until(() -> endpoints().size() == 2);
        await().atMost(SOON).until(() -> getString("State").equals("RUNNING"));
        node.publish(name, "a", "b", "c", "d");
        awaitSeen("a", "b", "c", "d");
    }

    @Test
    void shouldConnectInTheBackgroundUntilTheServerIsThere(@TempDir Path home) throws Exception {
        try (Node other = Node.start(home)) {
            other.kill();
            PosthornActivationSpec spec = onQueue();
            spec.setUrl(other.url());
            activate(spec, Bean.transacted(this::note));
            await().atMost(SOON)
                    .until(() -> String.valueOf(getString("LastFailure")).contains("127.0.0.1"));
            assertThat(getString("State")).isEqualTo("CONNECTING");
            other.restart();
            other.send(name, "a");
            awaitSeen("a");
        }
    }

    @Test
    void shouldConnectAnewWhenTheConnectionIsGivenUp(@TempDir Path home) throws Exception {
        try (Node other = Node.start(home)) {
            PosthornActivationSpec spec = onQueue();
            spec.setUrl(other.url());
            spec.setReconnectTimeout("200ms");
            spec.setRequestTimeout("2s");
            activate(spec, Bean.transacted(this::note));
            other.send(name, "a");
            awaitSeen("a");
            await("the end of its transaction")
                    .atMost(SOON)
                    .until(() -> get("Delivered").equals(1L));
            other.kill();
            await().atMost(SOON).until(() -> getString("State").equals("CONNECTING"));
            other.restart();
            other.send(name, "b");
            awaitSeen("a", "b");
        }
    }

    @Test
    void shouldReadSettingsThatComeLate() throws Exception {
        adapter.setUrl(null);
        activate(onQueue(), Bean.transacted(this::note));
        await().atMost(SOON)
                .until(() -> String.valueOf(getString("LastFailure")).contains("url is not set"));
        adapter.setUrl(node.url());
        node.send(name, "a");
        awaitSeen("a");
    }

    @Test
    void shouldEndWhileItCannotConnect() throws Exception {
        PosthornActivationSpec spec = onQueue();
        spec.setUrl("tcp://127.0.0.1:" + unusedPort());
        Bean bean = activate(spec, Bean.transacted(this::note));
        await().atMost(SOON).until(() -> getString("LastFailure") != null);
        adapter.endpointDeactivation(bean, spec);
        assertThat(endpoints()).isEmpty();
    }

    @Test
    void shouldGiveUpAfterAsManyAttemptsAsItMay() throws Exception {
        PosthornActivationSpec spec = onQueue();
        spec.setUrl("tcp://127.0.0.1:" + unusedPort());
        spec.setSetupAttempts(2);
        activate(spec, Bean.transacted(this::note));
        await().atMost(SOON).until(() -> getString("State").equals("GIVEN_UP"));
    }

    @Test
    void shouldPauseAndResume() throws Exception {
        activate(onQueue(), Bean.transacted(this::note));
        node.send(name, "a");
        awaitSeen("a");
        operate("pause");
        node.send(name, "b");
        assertThat(node.next(name, 20_000)).isEqualTo("b");
        node.send(name, "c");
        assertThat(getString("State")).isEqualTo("PAUSED");
        operate("resume");
        awaitSeen("a", "c");
    }

    @Test
    void shouldPauseByItselfAfterTooManyFailures() throws Exception {
        PosthornActivationSpec spec = onQueue();
        spec.setStopAfterFailures(3);
        spec.setMaxConcurrency(1);
        activate(spec, failing());
        node.send(name, "a");
        await().atMost(SOON).until(() -> getString("State").equals("PAUSED"));
        assertThat(node.next(name, 20_000)).isEqualTo("a");
        assertThat(seen.size()).isBetween(3, 5);
    }

    @Test
    void shouldNotSpinWhenABeanAlwaysFails() throws Exception {
        PosthornActivationSpec spec = onQueue();
        spec.setRedeliveryDelay("200");
        spec.setMaxConcurrency(1);
        activate(spec, failing());
        long beganNs = System.nanoTime();
        node.send(name, "a");
        await().atMost(SOON).until(() -> seen.size() >= 4);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs)).isGreaterThan(200 + 400 + 800);
    }

    private Bean failing() {
        MessageListener code = message -> {
            note(message);
            throw new IllegalStateException("on purpose");
        };
        return Bean.transacted(code);
    }

    @Test
    void shouldSayAtDeploymentWhatIsWrong() {
        PosthornActivationSpec spec = new PosthornActivationSpec();
        spec.setDestinationType("Queu");
        spec.setAcknowledgeMode("client");
        spec.setMaxConcurrency(0);
        spec.setMessageSelector("a =");
        spec.setSubscriptionDurability("Durable");
        spec.setRedeliveryDelay("soon");
        assertThatThrownBy(spec::validate)
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessageContaining("destinationLookup")
                .hasMessageContaining("destinationType is 'Queu'; accepted: jakarta.jms.Queue or jakarta.jms.Topic")
                .hasMessageContaining("acknowledgeMode is 'client'; accepted: Auto-acknowledge or Dups-ok-acknowledge")
                .hasMessageContaining("maxConcurrency is '0'; accepted: a number from 1 on")
                .hasMessageContaining("messageSelector is 'a ='")
                .hasMessageContaining("clientId is not set")
                .hasMessageContaining("redeliveryDelay is 'soon'; accepted: a time such as")
                .satisfies(problem -> assertThat(((InvalidPropertyException) problem).getInvalidPropertyDescriptors())
                        .extracting("name")
                        .contains("destination", "destinationType", "maxConcurrency"));
        assertThatThrownBy(() -> adapter.endpointActivation(Bean.transacted(this::note), spec))
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessageContaining("message-driven bean 'app/Bean' (io.posthorn.ra.harness.Bean)");
        PosthornActivationSpec untyped = new PosthornActivationSpec();
        untyped.setDestination("orders");
        assertThatThrownBy(() -> adapter.endpointActivation(Bean.transacted(this::note), untyped))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("'app/Bean'")
                .hasMessageContaining("destinationType is not set");
    }

    @Test
    void shouldNameABeanByItsClassWhereTheContainerNamesAllAlike() {
        PosthornActivationSpec wrong = onQueue();
        wrong.setMessageSelector("a =");
        Bean bean = Bean.transacted(this::note).named("posthorn" + MessageListener.class.getName());
        assertThatThrownBy(() -> adapter.endpointActivation(bean, wrong))
                .isInstanceOf(ResourceException.class)
                .hasMessageStartingWith("message-driven bean io.posthorn.ra.harness.Bean is configured wrongly");
    }

    @Test
    void shouldNotLetOneEndpointHinderAnother() throws Exception {
        PosthornActivationSpec lost = onQueue();
        lost.setUrl("tcp://127.0.0.1:" + unusedPort());
        activate(lost, Bean.transacted(this::note));
        activate(onQueue(), Bean.transacted(this::note));
        node.send(name, "a");
        awaitSeen("a");
    }

    @Test
    void shouldRecoverNothingWhereNothingIsInDoubt() throws Exception {
        assertThat(adapter.getXAResources(new PosthornActivationSpec[] {onQueue(), onTopic()}))
                .hasSize(1);
        Coordinator.OF_THIS_JVM.recover(adapter.getXAResources(null));
        PosthornActivationSpec lost = onQueue();
        lost.setUrl("tcp://127.0.0.1:" + unusedPort());
        Coordinator.OF_THIS_JVM.recover(adapter.getXAResources(new PosthornActivationSpec[] {lost}));
    }

    @Test
    void shouldAnswerRecoveryFromMemoryForAWhileAfterItsLoginWasRefused(@TempDir Path home) throws Exception {
        try (Node guarded = Node.start(home, "app", "secret")) {
            XAException refused = failureOfRecovery(guarded, "guessed");
            assertThat(refused.errorCode).isEqualTo(XAException.XAER_RMFAIL);
            assertThat(refused)
                    .hasMessageContaining("user name or password is wrong; the server is asked again after")
                    .hasMessageNotContaining("guessed");
            guarded.kill();
            assertThat(failureOfRecovery(guarded, "guessed"))
                    .hasMessage(refused.getMessage())
                    .hasFieldOrPropertyWithValue("errorCode", XAException.XAER_RMFAIL);
            assertThat(failureOfRecovery(guarded, "secret")).hasMessageContaining("nothing listens");
            guarded.restart();
            assertThat(failureOfRecovery(guarded, "secret")).isNull();
        }
    }

    private XAException failureOfRecovery(Node server, String password) {
        PosthornActivationSpec spec = onQueue();
        spec.setUrl(server.url());
        spec.setUserName("app");
        spec.setPassword(password);
        XAResource[] resources = adapter.getXAResources(new PosthornActivationSpec[] {spec});
        return catchThrowableOfType(XAException.class, () -> resources[0].recover(XAResource.TMSTARTRSCAN));
    }

    @Test
    void shouldLookUpDestinationsAndFactories() throws Exception {
        System.setProperty("ra.test.url", node.url());
        adapter.setUrl(null);
        PosthornActivationSpec spec = new PosthornActivationSpec();
        spec.setDestinationLookup("dynamicQueues/" + name);
        spec.setConnectionFactoryLookup("CF");
        spec.setSetupInterval("50");
        activate(spec, Bean.transacted(this::note));
        PosthornActivationSpec bound = new PosthornActivationSpec();
        bound.setDestination("known");
        bound.setConnectionFactoryLookup("CF");
        activate(bound, Bean.plain(this::note));
        node.send(name, "a");
        node.send("bound-queue", "b");
        awaitSeen("a", "b");

        PosthornActivationSpec other = new PosthornActivationSpec();
        other.setDestinationLookup("known");
        other.setDestinationType("jakarta.jms.Topic");
        assertThatThrownBy(() -> adapter.endpointActivation(Bean.plain(this::note), other))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("destinationLookup 'known' leads to")
                .hasMessageContaining("which is no topic");
    }

    @Test
    void shouldWaitUntilTheDestinationIsBound() throws Exception {
        PosthornActivationSpec spec = onQueue();
        spec.setDestination(null);
        spec.setDestinationLookup("not/bound");
        activate(spec, Bean.transacted(this::note));
        await().atMost(SOON)
                .until(() -> String.valueOf(getString("LastFailure")).contains("not/bound"));
        assertThat(getString("State")).isEqualTo("CONNECTING");
    }

    @Test
    void shouldSaySoWhenCredentialsAreWrongAndGoOnTryingSeldom(@TempDir Path home) throws Exception {
        try (Node guarded = Node.start(home, "app", "secret")) {
            PosthornActivationSpec spec = onQueue();
            spec.setUrl(guarded.url());
            spec.setUserName("app");
            spec.setPassword("guessed");
            activate(spec, Bean.transacted(this::note));
            await().atMost(SOON)
                    .until(() -> String.valueOf(getString("LastFailure")).contains("JMSSecurity"));
            assertThat(getString("LastFailure")).doesNotContain("guessed");
            assertThat(getString("State")).isEqualTo("CONNECTING");
            PosthornActivationSpec right = onQueue();
            right.setUrl(guarded.url() + "?user=nobody&password=none");
            right.setUserName("app");
            right.setPassword("secret");
            activate(right, Bean.plain(this::note));
            PosthornManagedConnectionFactory managed = new PosthornManagedConnectionFactory();
            managed.setUrl(guarded.url());
            ConnectionFactory guardedFactory = (ConnectionFactory) managed.createConnectionFactory(pool);
            assertThatThrownBy(() -> guardedFactory.createConnection("app", "guess"))
                    .isInstanceOf(JMSSecurityException.class);
            try (JMSContext context = guardedFactory.createContext("app", "secret")) {
                context.createProducer().send(context.createQueue(name), "a");
            }
            awaitSeen("a");
        }
    }

    private static int unusedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Set<ObjectName> endpoints() throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("io.posthorn.ra:type=Endpoint,*"), null);
    }

    private static String getString(String attribute) throws Exception {
        return (String) get(attribute);
    }

    private static Object get(String attribute) throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .getAttribute(endpoints().iterator().next(), attribute);
    }

    private static void operate(String operation) throws Exception {
        ManagementFactory.getPlatformMBeanServer()
                .invoke(endpoints().iterator().next(), operation, new Object[0], new String[0]);
    }
}
