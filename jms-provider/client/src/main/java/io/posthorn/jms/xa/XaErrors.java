package io.posthorn.jms.xa;

import io.posthorn.engine.EngineException;
import io.posthorn.wire.frame.ErrorCode;
import javax.transaction.xa.XAException;

/** The one table from engine errors to XA error codes. A heuristic outcome is an operator's decision, and never made up. */
final class XaErrors {

    private XaErrors() {}

    static XAException of(String doing, EngineException problem) {
        return of(codeOf(problem.code()), doing + ": " + problem.getMessage(), problem);
    }

    /**
     * As {@link #of(String, EngineException)}, for a branch that may be prepared. {@code XAER_RMERR} would tell the manager that
     * the branch is rolled back; as it still waits for its outcome, the resource counts as unavailable, and is asked again.
     */
    static XAException undecided(String doing, EngineException problem) {
        int code = codeOf(problem.code());
        return of(
                code == XAException.XAER_RMERR ? XAException.XAER_RMFAIL : code,
                doing + ": " + problem.getMessage(),
                problem);
    }

    static XAException of(int code, String text, Exception cause) {
        XAException exception = new XAException(text);
        exception.errorCode = code;
        if (cause != null) {
            exception.initCause(cause);
        }
        return exception;
    }

    private static int codeOf(ErrorCode code) {
        return switch (code) {
            case XA_UNKNOWN -> XAException.XAER_NOTA;
            case XA_DUPLICATE -> XAException.XAER_DUPID;
            case XA_PROTOCOL -> XAException.XAER_PROTO;
            case XA_INVALID -> XAException.XAER_INVAL;
            case XA_OUTSIDE -> XAException.XAER_OUTSIDE;
            case XA_ROLLED_BACK, ROLLED_BACK -> XAException.XA_RBROLLBACK;
            case XA_TIMED_OUT -> XAException.XA_RBTIMEOUT;
            case XA_HEURISTIC_COMMIT -> XAException.XA_HEURCOM;
            case XA_HEURISTIC_ROLLBACK -> XAException.XA_HEURRB;
            case CONNECTION_LOST, TIMEOUT, CLOSED, RESUME_EXPIRED, STOPPING, DISPLACED -> XAException.XAER_RMFAIL;
            case INTERNAL,
                    PROTOCOL,
                    VERSION,
                    SECURITY,
                    INVALID_DESTINATION,
                    INVALID_SELECTOR,
                    INVALID_CLIENT_ID,
                    ILLEGAL_STATE,
                    RESOURCE_LIMIT,
                    BLOCKED -> XAException.XAER_RMERR;
        };
    }
}
