package io.posthorn.tck.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.connection.JmsTransactionManager;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.jms.listener.AbstractMessageListenerContainer;
import org.springframework.jms.listener.DefaultMessageListenerContainer;
import org.springframework.jms.listener.SimpleMessageListenerContainer;

/** Spring's listener containers, with each cache level, on queues and on every kind of subscription. */
@ExtendWith(TestServer.class)
class ListenerContainerTest {

    private static final int COUNT = 40;
    private static final Duration WAIT = Duration.ofMillis(TestServer.WAIT_MS);

    private final PosthornConnectionFactory factory;
    private final JmsTemplate queues;
    private final JmsTemplate topics;
    private final CachingConnectionFactory caching;
    private final List<AbstractMessageListenerContainer> containers = new ArrayList<>();

    ListenerContainerTest(ServerProcess server) {
        factory = new PosthornConnectionFactory(server.url());
        caching = new CachingConnectionFactory(factory);
        queues = new JmsTemplate(caching);
        queues.setReceiveTimeout(TestServer.WAIT_MS);
        topics = new JmsTemplate(caching);
        topics.setPubSubDomain(true);
    }

    @AfterEach
    void stop() {
        containers.forEach(AbstractMessageListenerContainer::shutdown);
        caching.destroy();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CACHE_NONE", "CACHE_CONNECTION", "CACHE_SESSION", "CACHE_CONSUMER"})
    void shouldDeliverEachMessageOnceToATransactedContainer(String cache) throws InterruptedException {
        String queue = "container." + cache;
        Inbox inbox = new Inbox();
        DefaultMessageListenerContainer container = container(queue, inbox);
        container.setCacheLevelName(cache);
        container.setSessionTransacted(true);
        container.setConcurrency("1-5");
        start(container);

        sendNumbers(queues, queue);

        assertThat(inbox.texts(COUNT)).containsExactlyInAnyOrderElementsOf(numbers());
        container.shutdown();
        assertThat(inbox.isEmpty()).isTrue();
        assertNothingLeft(queue);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CACHE_NONE", "CACHE_CONSUMER"})
    void shouldRedeliverAndGiveUpWhenAListenerKeepsThrowing(String cache) throws InterruptedException {
        String queue = "poison." + cache;
        Inbox inbox = new Inbox(entry -> entry.text().equals("bad"));
        DefaultMessageListenerContainer container = container(queue, inbox);
        container.setCacheLevelName(cache);
        container.setSessionTransacted(true);
        queues.convertAndSend(queue, "bad");
        queues.convertAndSend(queue, "good");
        start(container);

        List<Inbox.Entry> heard = List.of(inbox.next(), inbox.next(), inbox.next(), inbox.next());

        assertThat(heard)
                .containsExactly(
                        new Inbox.Entry("bad", 1, false),
                        new Inbox.Entry("bad", 2, true),
                        new Inbox.Entry("bad", 3, true),
                        new Inbox.Entry("good", 1, false));
        assertThat(queues.receiveAndConvert(TestServer.DEAD_LETTERS)).isEqualTo("bad");
    }

    @Test
    void shouldRecoverAClientAcknowledgingSessionWhoseListenerThrew() throws InterruptedException {
        Inbox inbox = new Inbox(entry -> entry.deliveryCount() == 1);
        DefaultMessageListenerContainer container = container("container.recover", inbox);
        container.setSessionAcknowledgeMode(Session.CLIENT_ACKNOWLEDGE);
        start(container);

        queues.convertAndSend("container.recover", "again");

        assertThat(inbox.next()).isEqualTo(new Inbox.Entry("again", 1, false));
        assertThat(inbox.next()).isEqualTo(new Inbox.Entry("again", 2, true));
        container.shutdown();
        assertNothingLeft("container.recover");
    }

    @Test
    void shouldListenWithTheSimpleContainer() throws InterruptedException {
        Inbox inbox = new Inbox(entry -> entry.text().equals("7") && entry.deliveryCount() == 1);
        SimpleMessageListenerContainer container = new SimpleMessageListenerContainer();
        container.setConnectionFactory(factory);
        container.setDestinationName("container.simple");
        container.setMessageListener(inbox);
        container.setConcurrency("3");
        container.setSessionTransacted(true);
        start(container);

        sendNumbers(queues, "container.simple");

        List<String> expected = new ArrayList<>(numbers());
        expected.add("7");
        assertThat(inbox.texts(COUNT + 1)).containsExactlyInAnyOrderElementsOf(expected);
        container.shutdown();
        assertThat(inbox.isEmpty()).isTrue();
        assertNothingLeft("container.simple");
    }

    @Test
    void shouldKeepADurableSubscriptionWhileTheContainerIsDown() throws InterruptedException {
        Inbox inbox = new Inbox();
        DefaultMessageListenerContainer first = durable(inbox);
        start(first);
        awaitSubscribed(first);
        topics.convertAndSend("container.durable", "first");
        assertThat(inbox.nextText()).isEqualTo("first");
        first.shutdown();

        topics.convertAndSend("container.durable", "while down");
        start(durable(inbox));

        assertThat(inbox.nextText()).isEqualTo("while down");
        topics.convertAndSend("container.durable", "after");
        assertThat(inbox.nextText()).isEqualTo("after");
    }

    private DefaultMessageListenerContainer durable(Inbox inbox) {
        DefaultMessageListenerContainer container = container("container.durable", inbox);
        container.setSubscriptionDurable(true);
        container.setClientId("container.client");
        container.setDurableSubscriptionName("container.subscription");
        return container;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDivideASharedSubscriptionAmongConsumersAndContainers(boolean durable) throws InterruptedException {
        String topic = "container.shared." + durable;
        Inbox inbox = new Inbox();
        for (int number = 0; number < 2; number++) {
            DefaultMessageListenerContainer container = container(topic, inbox);
            container.setSubscriptionShared(true);
            container.setSubscriptionDurable(durable);
            container.setSubscriptionName(topic + ".subscription");
            container.setPubSubDomain(true);
            container.setConcurrency("2");
            container.setSessionTransacted(true);
            start(container);
            awaitSubscribed(container);
        }

        sendNumbers(topics, topic);

        assertThat(inbox.texts(COUNT)).containsExactlyInAnyOrderElementsOf(numbers());
        containers.forEach(AbstractMessageListenerContainer::shutdown);
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void shouldListenInATransactionOfTheTransactionManager() throws InterruptedException {
        Inbox inbox = new Inbox(entry -> entry.deliveryCount() == 1);
        DefaultMessageListenerContainer container = container("container.manager", inbox);
        container.setConnectionFactory(caching);
        container.setTransactionManager(new JmsTransactionManager(caching));
        start(container);

        queues.convertAndSend("container.manager", "twice");

        assertThat(inbox.next()).isEqualTo(new Inbox.Entry("twice", 1, false));
        assertThat(inbox.next()).isEqualTo(new Inbox.Entry("twice", 2, true));
        container.shutdown();
        assertNothingLeft("container.manager");
    }

    @Test
    void shouldStopAndStartAgainWithoutLosingWhatWasFetched() throws InterruptedException {
        Inbox inbox = new Inbox();
        DefaultMessageListenerContainer container = container("container.restart", inbox);
        container.setSessionTransacted(true);
        start(container);
        queues.convertAndSend("container.restart", "running");
        assertThat(inbox.nextText()).isEqualTo("running");

        container.stop();
        sendNumbers(queues, "container.restart");
        assertThat(inbox.size()).isLessThanOrEqualTo(1);
        container.start();

        assertThat(inbox.texts(COUNT)).isEqualTo(numbers());
    }

    private DefaultMessageListenerContainer container(String destination, Inbox inbox) {
        DefaultMessageListenerContainer container = new DefaultMessageListenerContainer();
        container.setConnectionFactory(factory);
        container.setDestinationName(destination);
        container.setMessageListener(inbox);
        container.setReceiveTimeout(200);
        // What the listeners throw is part of these tests.
        container.setErrorHandler(failure -> {});
        return container;
    }

    private void start(AbstractMessageListenerContainer container) {
        containers.add(container);
        container.afterPropertiesSet();
        container.start();
    }

    private static void awaitSubscribed(DefaultMessageListenerContainer container) {
        await().atMost(WAIT).until(container::isRegisteredWithDestination);
    }

    private void assertNothingLeft(String queue) {
        assertThat(queues.<Boolean>browse(
                        queue, (session, browser) -> browser.getEnumeration().hasMoreElements()))
                .as("something left in " + queue)
                .isFalse();
    }

    private static void sendNumbers(JmsTemplate template, String destination) {
        numbers().forEach(number -> template.convertAndSend(destination, number));
    }

    private static List<String> numbers() {
        return IntStream.range(0, COUNT).mapToObj(Integer::toString).toList();
    }
}
