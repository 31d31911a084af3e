package io.posthorn.wire.frame;

/**
 * What kind of thing went wrong, stable over versions. The client's front turns each into the exception type that the
 * JMS or XA specification asks for.
 */
public enum ErrorCode {
    /** A defect in the server or the client; the text says what was seen. */
    INTERNAL(1),
    /** The peer broke the protocol. */
    PROTOCOL(2),
    /** No version of the protocol in common. */
    VERSION(3),
    /** Wrong or missing credentials, or a permission that is not given. */
    SECURITY(4),
    INVALID_DESTINATION(5),
    INVALID_SELECTOR(6),
    /** The client identifier is in use, or changed. */
    INVALID_CLIENT_ID(7),
    /** The object's state does not allow it, such as a subscription in use. */
    ILLEGAL_STATE(8),
    /** A limit was met: message length, queue, disk. */
    RESOURCE_LIMIT(9),
    /** The transaction was rolled back instead. */
    ROLLED_BACK(10),
    /** The server no longer knows the connection that wants to resume. */
    RESUME_EXPIRED(11),
    /** The server is stopping; reconnect later. */
    STOPPING(12),
    /** The connection was taken over by another with the same client identifier. */
    DISPLACED(13),
    /** A limit was met that may clear by itself; the server says UNBLOCKED when it is worth another try. */
    BLOCKED(14),
    /** XAER_NOTA: no such branch. */
    XA_UNKNOWN(20),
    /** XAER_DUPID: the branch exists already. */
    XA_DUPLICATE(21),
    /** XAER_PROTO: not in this state of the branch. */
    XA_PROTOCOL(22),
    /** XAER_INVAL: invalid flags or arguments. */
    XA_INVALID(23),
    /** XAER_OUTSIDE: the session does work outside of a global transaction. */
    XA_OUTSIDE(24),
    /** XA_RBROLLBACK: the branch was rolled back instead. */
    XA_ROLLED_BACK(25),
    /** XA_RBTIMEOUT: the branch took too long and was rolled back. */
    XA_TIMED_OUT(26),
    /** XA_HEURCOM: an operator committed the branch. */
    XA_HEURISTIC_COMMIT(27),
    /** XA_HEURRB: an operator rolled the branch back. */
    XA_HEURISTIC_ROLLBACK(28),
    /** Never on the wire: the client could not reach or lost the server. */
    CONNECTION_LOST(40),
    /** Never on the wire: the client waited for as long as it was told to. */
    TIMEOUT(41),
    /** Never on the wire: the object was closed. */
    CLOSED(42);

    private final int number;

    ErrorCode(int number) {
        this.number = number;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** The code of this number; {@link #INTERNAL} for one that a later version may have added. */
    public static ErrorCode of(int number) {
        for (ErrorCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return INTERNAL;
    }
}
