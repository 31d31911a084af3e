package io.posthorn.tck.xa;

import java.util.Map;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/** What verbs answer, by the names of the XA specification. */
final class Codes {

    private static final Map<Integer, String> NAMES = Map.of(
            XAException.XAER_NOTA, "NOTA",
            XAException.XAER_PROTO, "PROTO",
            XAException.XAER_DUPID, "DUPID",
            XAException.XAER_INVAL, "INVAL",
            XAException.XAER_RMERR, "RMERR",
            XAException.XAER_RMFAIL, "RMFAIL",
            XAException.XAER_OUTSIDE, "OUTSIDE",
            XAException.XA_RBROLLBACK, "ROLLBACK",
            XAException.XA_RBTIMEOUT, "TIMEOUT");

    private Codes() {}

    /** A call of a verb; what it returns is {@link XAResource#XA_OK} where it returns nothing. */
    interface Verb {
        int call() throws XAException;
    }

    /** A call of a verb that returns nothing. */
    interface Command {
        void call() throws XAException;
    }

    static String of(Command command) {
        return ofResult(() -> {
            command.call();
            return XAResource.XA_OK;
        });
    }

    static String ofResult(Verb verb) {
        try {
            return switch (verb.call()) {
                case XAResource.XA_OK -> "OK";
                case XAResource.XA_RDONLY -> "RDONLY";
                default -> "?";
            };
        } catch (XAException e) {
            return NAMES.getOrDefault(e.errorCode, "code " + e.errorCode);
        }
    }
}
