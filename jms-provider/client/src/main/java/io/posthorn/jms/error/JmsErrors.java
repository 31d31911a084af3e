package io.posthorn.jms.error;

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

/** The one table from engine errors to JMS exceptions, and the one from checked to unchecked JMS exceptions (chapter 10). */
public final class JmsErrors {

    private JmsErrors() {}

    /** The JMS exception for {@code problem}; its text begins with {@code doing}, what was asked for, such as "cannot send to queue 'a'". */
    public static JMSException of(String doing, EngineException problem) {
        String text = doing + ": " + problem.getMessage();
        return caused(ofCode(problem.code(), text), problem);
    }

    /** Sets cause and linked exception, as both generations of the API have them. */
    public static <E extends JMSException> E caused(E exception, Exception cause) {
        exception.setLinkedException(cause);
        if (exception.getCause() == null) {
            exception.initCause(cause);
        }
        return exception;
    }

    /** For a call on a closed object. */
    public static IllegalStateException closed(String what) {
        return new IllegalStateException("the " + what + " is closed", ErrorCode.CLOSED.name());
    }

    public static IllegalStateException illegalState(String text) {
        return new IllegalStateException(text, ErrorCode.ILLEGAL_STATE.name());
    }

    /** The unchecked form, with the same text and code and {@code problem} as its cause. */
    public static JMSRuntimeException unchecked(JMSException problem) {
        String text = problem.getMessage();
        String code = problem.getErrorCode();
        if (problem instanceof IllegalStateException) {
            return new IllegalStateRuntimeException(text, code, problem);
        } else if (problem instanceof InvalidClientIDException) {
            return new InvalidClientIDRuntimeException(text, code, problem);
        } else if (problem instanceof InvalidDestinationException) {
            return new InvalidDestinationRuntimeException(text, code, problem);
        } else if (problem instanceof InvalidSelectorException) {
            return new InvalidSelectorRuntimeException(text, code, problem);
        } else if (problem instanceof JMSSecurityException) {
            return new JMSSecurityRuntimeException(text, code, problem);
        } else if (problem instanceof MessageFormatException) {
            return new MessageFormatRuntimeException(text, code, problem);
        } else if (problem instanceof MessageNotWriteableException) {
            return new MessageNotWriteableRuntimeException(text, code, problem);
        } else if (problem instanceof ResourceAllocationException) {
            return new ResourceAllocationRuntimeException(text, code, problem);
        } else if (problem instanceof TransactionInProgressException) {
            return new TransactionInProgressRuntimeException(text, code, problem);
        } else if (problem instanceof TransactionRolledBackException) {
            return new TransactionRolledBackRuntimeException(text, code, problem);
        }
        return new JMSRuntimeException(text, code, problem);
    }

    private static JMSException ofCode(ErrorCode code, String text) {
        String name = code.name();
        return switch (code) {
            case SECURITY -> new JMSSecurityException(text, name);
            case INVALID_DESTINATION -> new InvalidDestinationException(text, name);
            case INVALID_SELECTOR -> new InvalidSelectorException(text, name);
            case INVALID_CLIENT_ID -> new InvalidClientIDException(text, name);
            case ILLEGAL_STATE, CLOSED -> new IllegalStateException(text, name);
            case RESOURCE_LIMIT, BLOCKED -> new ResourceAllocationException(text, name);
            case ROLLED_BACK, XA_ROLLED_BACK, XA_TIMED_OUT -> new TransactionRolledBackException(text, name);
            case INTERNAL,
                    PROTOCOL,
                    VERSION,
                    RESUME_EXPIRED,
                    STOPPING,
                    DISPLACED,
                    XA_UNKNOWN,
                    XA_DUPLICATE,
                    XA_PROTOCOL,
                    XA_INVALID,
                    XA_OUTSIDE,
                    XA_HEURISTIC_COMMIT,
                    XA_HEURISTIC_ROLLBACK,
                    CONNECTION_LOST,
                    TIMEOUT -> new JMSException(text, name);
        };
    }
}
