package io.posthorn.jms.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.EngineException;
import io.posthorn.wire.frame.ErrorCode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidClientIDRuntimeException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.InvalidSelectorRuntimeException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotWriteableException;
import jakarta.jms.MessageNotWriteableRuntimeException;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.ResourceAllocationRuntimeException;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.TransactionInProgressRuntimeException;
import jakarta.jms.TransactionRolledBackException;
import jakarta.jms.TransactionRolledBackRuntimeException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JmsErrorsTest {

    @Test
    void shouldTurnEachCodeIntoTheExceptionThatTheSpecificationNames() {
        Map<ErrorCode, Class<?>> expected = new EnumMap<>(ErrorCode.class);
        expected.put(ErrorCode.INVALID_DESTINATION, InvalidDestinationException.class);
        expected.put(ErrorCode.INVALID_SELECTOR, InvalidSelectorException.class);
        expected.put(ErrorCode.INVALID_CLIENT_ID, InvalidClientIDException.class);
        expected.put(ErrorCode.SECURITY, JMSSecurityException.class);
        expected.put(ErrorCode.ILLEGAL_STATE, IllegalStateException.class);
        expected.put(ErrorCode.CLOSED, IllegalStateException.class);
        expected.put(ErrorCode.RESOURCE_LIMIT, ResourceAllocationException.class);
        expected.put(ErrorCode.BLOCKED, ResourceAllocationException.class);
        expected.put(ErrorCode.ROLLED_BACK, TransactionRolledBackException.class);
        expected.put(ErrorCode.XA_ROLLED_BACK, TransactionRolledBackException.class);
        expected.put(ErrorCode.XA_TIMED_OUT, TransactionRolledBackException.class);

        for (ErrorCode code : ErrorCode.values()) {
            EngineException cause = new EngineException(code, "the reason");

            JMSException exception = JmsErrors.of("cannot do it", cause);

            assertThat(exception.getClass()).isEqualTo(expected.getOrDefault(code, JMSException.class));
            assertThat(exception).hasMessage("cannot do it: the reason").hasCause(cause);
            assertThat(exception.getLinkedException()).isSameAs(cause);
            assertThat(exception.getErrorCode()).isEqualTo(code.name());
        }
    }

    @Test
    void shouldHaveAnUncheckedFormOfEach() {
        Map<JMSException, Class<?>> expected = Map.ofEntries(
                Map.entry(new IllegalStateException("a", "c"), IllegalStateRuntimeException.class),
                Map.entry(new InvalidClientIDException("a", "c"), InvalidClientIDRuntimeException.class),
                Map.entry(new InvalidDestinationException("a", "c"), InvalidDestinationRuntimeException.class),
                Map.entry(new InvalidSelectorException("a", "c"), InvalidSelectorRuntimeException.class),
                Map.entry(new JMSSecurityException("a", "c"), JMSSecurityRuntimeException.class),
                Map.entry(new MessageFormatException("a", "c"), MessageFormatRuntimeException.class),
                Map.entry(new MessageNotWriteableException("a", "c"), MessageNotWriteableRuntimeException.class),
                Map.entry(new ResourceAllocationException("a", "c"), ResourceAllocationRuntimeException.class),
                Map.entry(new TransactionInProgressException("a", "c"), TransactionInProgressRuntimeException.class),
                Map.entry(new TransactionRolledBackException("a", "c"), TransactionRolledBackRuntimeException.class),
                Map.entry(new JMSException("a", "c"), JMSRuntimeException.class));

        expected.forEach((problem, type) -> {
            JMSRuntimeException unchecked = JmsErrors.unchecked(problem);
            assertThat(unchecked.getClass()).isEqualTo(type);
            assertThat(unchecked).hasMessage("a").hasCause(problem);
            assertThat(unchecked.getErrorCode()).isEqualTo("c");
        });
    }

    @Test
    void shouldRunCheckedCallsForTheUncheckedApi() {
        JMSException problem = new MessageFormatException("no");

        assertThat(Unchecked.<List<String>>call(() -> List.of("a"))).containsExactly("a");
        assertThatThrownBy(() -> Unchecked.run(() -> {
                    throw problem;
                }))
                .isInstanceOf(MessageFormatRuntimeException.class)
                .hasCause(problem);
    }
}
