package io.posthorn.tck.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.connection.JmsTransactionManager;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** {@link JmsTransactionManager}: receive and send in one local transaction. */
@ExtendWith(TestServer.class)
class SpringTransactionTest {

    private static final int NO_WAIT_MS = 50;

    private final String url;
    private final CachingConnectionFactory factory;
    private final JmsTemplate template;
    private final TransactionTemplate transaction;

    SpringTransactionTest(ServerProcess server) {
        url = server.url();
        factory = new CachingConnectionFactory(new PosthornConnectionFactory(url));
        template = new JmsTemplate(factory);
        transaction = new TransactionTemplate(new JmsTransactionManager(factory));
    }

    @BeforeEach
    void setUp() {
        factory.setCacheConsumers(false);
        template.setReceiveTimeout(TestServer.WAIT_MS);
    }

    @AfterEach
    void close() {
        factory.destroy();
    }

    @Test
    void shouldReceiveAndSendInOneTransaction() {
        template.convertAndSend("transaction.in", "one");

        transaction.executeWithoutResult(status -> {
            String text = (String) template.receiveAndConvert("transaction.in");
            template.convertAndSend("transaction.out", text + " forwarded");
            assertThat(seenByOthers("transaction.out")).isFalse();
        });

        assertThat(template.receiveAndConvert("transaction.out")).isEqualTo("one forwarded");
        template.setReceiveTimeout(NO_WAIT_MS);
        assertThat(template.receive("transaction.in")).isNull();
    }

    @Test
    void shouldUndoReceiveAndSendTogether() throws JMSException {
        checkUndo("transaction.undo");
    }

    /** Without prefetching, nothing waits at the cached consumer of a session that nobody uses. */
    @Test
    void shouldUndoWithCachedConsumersWhenNothingIsFetchedAhead() throws JMSException {
        factory.setTargetConnectionFactory(new PosthornConnectionFactory(url + "?prefetch=0"));
        factory.setCacheConsumers(true);

        checkUndo("transaction.cached");
    }

    private void checkUndo(String queue) throws JMSException {
        template.convertAndSend(queue, "one");

        transaction.executeWithoutResult(status -> {
            template.receive(queue);
            template.convertAndSend(queue + ".out", "never");
            status.setRollbackOnly();
        });
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    template.receive(queue);
                    template.convertAndSend(queue + ".out", "never");
                    throw new IllegalStateException("the application fails");
                }))
                .hasMessage("the application fails");

        Message third = template.receive(queue);
        assertThat(third.getBody(String.class)).isEqualTo("one");
        assertThat(third.getJMSRedelivered()).isTrue();
        assertThat(third.getIntProperty("JMSXDeliveryCount")).isEqualTo(3);
        template.setReceiveTimeout(NO_WAIT_MS);
        assertThat(template.receive(queue + ".out")).isNull();
    }

    private boolean seenByOthers(String queue) {
        JmsTemplate other = new JmsTemplate(factory.getTargetConnectionFactory());
        return Boolean.TRUE.equals(other.browse(
                queue, (session, browser) -> browser.getEnumeration().hasMoreElements()));
    }
}
