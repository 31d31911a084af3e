package io.posthorn.jms.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.connection.Opened;
import io.posthorn.jms.fake.FakeServer;
import io.posthorn.jms.session.SessionMode;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidClientIDRuntimeException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotWriteableRuntimeException;
import jakarta.jms.ObjectMessage;
import jakarta.jms.TextMessage;
import jakarta.jms.TransactionInProgressRuntimeException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ContextTest {

    private final FakeServer server = new FakeServer();
    private final PosthornQueue queue = new PosthornQueue("q");
    private Opened opened;
    private JMSContext context;

    @BeforeEach
    void open() throws Exception {
        opened = Opened.of(server);
        context = PosthornContext.over(opened.connection(), SessionMode.AUTO);
    }

    @Test
    void shouldStartByItselfUnlessToldOtherwise() {
        context.createProducer().send(queue, "a").send(queue, "b");
        assertThat(context.createConsumer(queue).receiveBody(String.class, 1000))
                .isEqualTo("a");
        JMSContext other = context.createContext(JMSContext.AUTO_ACKNOWLEDGE);
        context.stop();
        other.setAutoStart(false);

        assertThat(other.getAutoStart()).isFalse();
        assertThat(other.createConsumer(queue).receiveNoWait()).isNull();
    }

    @Test
    void shouldCloseTheConnectionWithItsLastContext() {
        JMSContext other = context.createContext(JMSContext.CLIENT_ACKNOWLEDGE);
        context.close();
        context.close();
        assertThat(opened.engine().isClosed()).isFalse();
        assertThatCode(() -> other.createProducer().send(queue, "a")).doesNotThrowAnyException();

        other.close();

        assertThat(opened.engine().isClosed()).isTrue();
    }

    @Test
    void shouldRefuseEveryMethodOnceClosed() {
        JMSProducer producer = context.createProducer();
        context.close();

        List<ThrowingCallable> calls = List.of(
                () -> context.createContext(1),
                () -> context.createProducer(),
                () -> context.getClientID(),
                () -> context.setClientID("me"),
                () -> context.getMetaData(),
                () -> context.getExceptionListener(),
                () -> context.setExceptionListener(null),
                () -> context.start(),
                () -> context.stop(),
                () -> context.setAutoStart(true),
                () -> context.getAutoStart(),
                () -> context.createTextMessage("x"),
                () -> context.createObjectMessage("x"),
                () -> context.createMapMessage(),
                () -> context.getTransacted(),
                () -> context.getSessionMode(),
                () -> context.commit(),
                () -> context.recover(),
                () -> context.acknowledge(),
                () -> context.createConsumer(queue),
                () -> context.createBrowser(queue),
                () -> context.createQueue("q"),
                () -> context.createTemporaryQueue(),
                () -> context.unsubscribe("s"),
                () -> producer.send(queue, "a"));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalStateRuntimeException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void shouldSetTheClientIdentifierFirst() throws Exception {
        context.setClientID("me");
        assertThat(context.getClientID()).isEqualTo("me");
        assertThatThrownBy(() -> context.setClientID("again")).isInstanceOf(IllegalStateRuntimeException.class);
        JMSContext second = PosthornContext.over(Opened.connection(server), SessionMode.AUTO);
        assertThatThrownBy(() -> second.setClientID("me")).isInstanceOf(InvalidClientIDRuntimeException.class);
        second.createConsumer(queue);
        assertThatThrownBy(() -> second.setClientID("late")).isInstanceOf(IllegalStateRuntimeException.class);
    }

    @Test
    void shouldKnowItsMode() {
        assertThat(context.getSessionMode()).isEqualTo(JMSContext.AUTO_ACKNOWLEDGE);
        JMSContext transacted = context.createContext(JMSContext.SESSION_TRANSACTED);
        assertThat(transacted.getTransacted()).isTrue();
        assertThat(transacted.getSessionMode()).isEqualTo(JMSContext.SESSION_TRANSACTED);
        assertThatThrownBy(() -> context.createContext(-1)).isInstanceOf(JMSRuntimeException.class);
        assertThatThrownBy(context::commit).isInstanceOf(IllegalStateRuntimeException.class);
        assertThatThrownBy(transacted::recover).isInstanceOf(IllegalStateRuntimeException.class);
    }

    @Test
    void shouldNotCountAContextThatCouldNotBeMade() {
        assertThatThrownBy(() -> context.createContext(-1)).isInstanceOf(JMSRuntimeException.class);

        context.close();

        assertThat(opened.engine().isClosed()).isTrue();
    }

    @Test
    void shouldCommitAndRollBack() {
        JMSContext transacted = context.createContext(JMSContext.SESSION_TRANSACTED);
        transacted.createProducer().send(queue, "dropped");
        transacted.rollback();
        transacted.createProducer().send(queue, "kept");

        transacted.commit();

        assertThat(context.createConsumer(queue).receiveBody(String.class)).isEqualTo("kept");
    }

    @Test
    void shouldAcknowledgeWithoutAMessageAtHand() {
        JMSContext client = context.createContext(JMSContext.CLIENT_ACKNOWLEDGE);
        context.createProducer().send(queue, "a");
        JMSConsumer consumer = client.createConsumer(queue);
        consumer.receive();
        client.recover();
        consumer.receive();
        client.acknowledge();

        client.recover();

        assertThat(consumer.receiveNoWait()).isNull();
    }

    @Test
    void shouldSendBodiesOfAllKinds() throws Exception {
        JMSProducer producer = context.createProducer();
        JMSConsumer consumer = context.createConsumer(queue);
        byte[] bytes = "bytes".getBytes(StandardCharsets.UTF_8);
        producer.send(queue, "text")
                .send(queue, bytes)
                .send(queue, Map.of("k", 1))
                .send(queue, (Serializable) 7L);
        assertThat(consumer.receiveBody(String.class)).isEqualTo("text");
        assertThat(consumer.receiveBody(byte[].class, 1000)).isEqualTo(bytes);
        Object map = consumer.receiveBodyNoWait(Map.class);
        assertThat(map).isEqualTo(Map.of("k", 1));
        assertThat(consumer.receiveBody(Long.class)).isEqualTo(7L);

        producer.send(queue, (String) null).send(queue, (byte[]) null);
        producer.send(queue, (Map<String, Object>) null).send(queue, (Serializable) null);

        assertThat(((TextMessage) consumer.receive()).getText()).isNull();
        assertThat(((BytesMessage) consumer.receive()).getBodyLength()).isZero();
        assertThat(((MapMessage) consumer.receive()).getMapNames().hasMoreElements())
                .isFalse();
        assertThat(((ObjectMessage) consumer.receive()).getObject()).isNull();
    }

    @Test
    void shouldPutPropertiesAndHeadersOnWhatItSends() throws Exception {
        JMSProducer producer = context.createProducer()
                .setProperty("b", true)
                .setProperty("y", (byte) 1)
                .setProperty("s", (short) 2)
                .setProperty("i", 3)
                .setProperty("l", 4L)
                .setProperty("f", 5f)
                .setProperty("d", 6d)
                .setProperty("t", "7")
                .setProperty("o", Integer.valueOf(8))
                .setJMSType("type")
                .setJMSReplyTo(queue)
                .setJMSCorrelationID("correlation")
                .setPriority(8)
                .setTimeToLive(60_000)
                .setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        assertThat(producer.getPropertyNames()).hasSize(9);
        assertThat(producer.getLongProperty("i")).isEqualTo(3L);
        assertThat(producer.getIntProperty("t")).isEqualTo(7);
        assertThat(producer.propertyExists("none")).isFalse();

        producer.send(queue, "a");

        Message received = context.createConsumer(queue).receive();
        assertThat(received.getObjectProperty("s")).isEqualTo((short) 2);
        assertThat(received.getObjectProperty("d")).isEqualTo(6d);
        assertThat(received.getJMSType()).isEqualTo("type");
        assertThat(received.getJMSReplyTo()).isEqualTo(queue);
        assertThat(received.getJMSCorrelationID()).isEqualTo("correlation");
        assertThat(received.getJMSPriority()).isEqualTo(8);
        assertThat(received.getJMSDeliveryMode()).isEqualTo(DeliveryMode.NON_PERSISTENT);
        assertThat(producer.clearProperties().getPropertyNames()).isEmpty();
    }

    @Test
    void shouldCheckWhatItIsTold() {
        JMSProducer producer = context.createProducer();

        assertThatThrownBy(() -> producer.setProperty("", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> producer.setProperty(null, "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> producer.setProperty("o", new ArrayList<>()))
                .isInstanceOf(MessageFormatRuntimeException.class);
        assertThatThrownBy(() -> producer.setPriority(-1)).isInstanceOf(JMSRuntimeException.class);
        assertThatThrownBy(() -> producer.setDeliveryMode(-1)).isInstanceOf(JMSRuntimeException.class);
        assertThatThrownBy(() -> producer.send(null, "a")).isInstanceOf(InvalidDestinationRuntimeException.class);
        assertThatThrownBy(() -> producer.send(queue, (Message) null))
                .isInstanceOf(MessageFormatRuntimeException.class);
        assertThatThrownBy(() -> producer.send(queue, Map.of("k", new ArrayList<>())))
                .isInstanceOf(MessageFormatRuntimeException.class);
        assertThatThrownBy(() -> producer.getIntProperty("none")).isInstanceOf(NumberFormatException.class);
    }

    @Test
    void shouldNotPutPropertiesOnAReceivedMessage() {
        context.createProducer().send(queue, "a");
        Message received = context.createConsumer(queue).receive();

        assertThatThrownBy(() -> context.createProducer().setProperty("p", 1).send(queue, received))
                .isInstanceOf(MessageNotWriteableRuntimeException.class);
    }

    @Test
    void shouldGiveTheSameMessageAgainWhenItsBodyDoesNotFit() throws Exception {
        context.createProducer().send(queue, "a").send(queue, "b");
        JMSConsumer consumer = context.createConsumer(queue);

        assertThatThrownBy(() -> consumer.receiveBody(Integer.class)).isInstanceOf(MessageFormatRuntimeException.class);
        assertThatThrownBy(() -> consumer.receiveBodyNoWait(Integer.class))
                .isInstanceOf(MessageFormatRuntimeException.class);

        Message again = consumer.receive();
        assertThat(again.getBody(String.class)).isEqualTo("a");
        assertThat(again.getJMSRedelivered()).isFalse();
        assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
        assertThat(consumer.receiveBody(String.class)).isEqualTo("b");
    }

    @Test
    void shouldNotLoseAMessageWhoseBodyDidNotFit() {
        for (int mode : new int[] {JMSContext.AUTO_ACKNOWLEDGE, JMSContext.DUPS_OK_ACKNOWLEDGE}) {
            JMSContext reading = context.createContext(mode);
            context.createProducer().send(queue, "before").send(queue, "a");
            JMSConsumer consumer = reading.createConsumer(queue);
            assertThat(consumer.receiveBody(String.class)).isEqualTo("before");
            assertThatThrownBy(() -> consumer.receiveBody(Integer.class))
                    .isInstanceOf(MessageFormatRuntimeException.class);

            consumer.close();

            assertThat(server.depth(queue.address())).isEqualTo(1);
            assertThat(reading.createConsumer(queue).receiveBody(String.class)).isEqualTo("a");
            reading.close();
        }
    }

    @Test
    void shouldCountAMessageWhoseBodyDoesNotFitAsReceivedInATransaction() {
        context.createProducer().send(queue, "a").send(queue, "b");
        JMSContext transacted = context.createContext(JMSContext.SESSION_TRANSACTED);
        JMSConsumer consumer = transacted.createConsumer(queue);

        assertThatThrownBy(() -> consumer.receiveBody(Integer.class)).isInstanceOf(MessageFormatRuntimeException.class);

        assertThat(consumer.receiveBody(String.class)).isEqualTo("b");
        transacted.rollback();
        assertThat(consumer.receiveBody(String.class)).isEqualTo("a");
    }

    @Test
    void shouldRefuseBodiesThatAreNone() {
        JMSConsumer consumer = context.createConsumer(queue);
        List<Message> bodiless =
                List.of(context.createMessage(), context.createStreamMessage(), context.createTextMessage());
        for (Message message : bodiless) {
            context.createProducer().send(queue, message);
            assertThatThrownBy(() -> consumer.receiveBody(Object.class))
                    .isInstanceOf(MessageFormatRuntimeException.class);
            assertThat(consumer.receive()).isNotNull();
        }
    }

    @Test
    void shouldSendAsynchronously() throws Exception {
        BlockingQueue<Message> completed = new LinkedBlockingQueue<>();
        CompletionListener listener = new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                completed.add(message);
            }

            @Override
            public void onException(Message message, Exception exception) {
                throw new AssertionError(exception);
            }
        };
        JMSProducer producer = context.createProducer().setAsync(listener).setProperty("p", 1);
        assertThat(producer.getAsync()).isSameAs(listener);

        producer.send(queue, "a");

        assertThat(completed.take().getIntProperty("p")).isEqualTo(1);
    }

    @Test
    void shouldRefuseToBeStoppedOrClosedByItsListener() throws Exception {
        BlockingQueue<Class<?>> thrown = new LinkedBlockingQueue<>();
        context.createConsumer(queue).setMessageListener(message -> {
            thrown.add(caught(context::stop));
            thrown.add(caught(context::close));
        });

        context.createProducer().send(queue, "a");

        assertThat(thrown.take()).isEqualTo(IllegalStateRuntimeException.class);
        assertThat(thrown.take()).isEqualTo(IllegalStateRuntimeException.class);
        context.close();
    }

    @Test
    void shouldTakePartInGlobalTransactions() throws Exception {
        PosthornXAContext xa = PosthornXAContext.over(Opened.xaConnection(server));

        assertThat(xa.getXAResource()).isNotNull();
        assertThat(xa.getContext()).isNotNull();
        assertThat(xa.getTransacted()).isTrue();
        assertThatThrownBy(xa::commit).isInstanceOf(TransactionInProgressRuntimeException.class);
        assertThatThrownBy(xa::rollback).isInstanceOf(TransactionInProgressRuntimeException.class);
        xa.close();
    }

    private static Class<?> caught(Runnable call) {
        try {
            call.run();
            return JMSException.class;
        } catch (JMSRuntimeException e) {
            return e.getClass();
        }
    }
}
