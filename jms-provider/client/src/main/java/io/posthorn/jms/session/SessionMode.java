package io.posthorn.jms.session;

import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** How a session acknowledges what it consumes (section 6.2.10), or in which kind of transaction it works. */
public enum SessionMode {
    AUTO(Session.AUTO_ACKNOWLEDGE),
    CLIENT(Session.CLIENT_ACKNOWLEDGE),
    DUPS_OK(Session.DUPS_OK_ACKNOWLEDGE),
    /** A local transaction, always. */
    TRANSACTED(Session.SESSION_TRANSACTED),
    /** A branch of a global transaction while it is associated with one, otherwise as {@link #AUTO}. */
    XA(Session.SESSION_TRANSACTED);

    private final int constant;

    SessionMode(int constant) {
        this.constant = constant;
    }

    /** The number that the API has for it. */
    public int constant() {
        return constant;
    }

    /** For {@code createSession(transacted, acknowledgeMode)}: a transacted session ignores the second. */
    public static SessionMode of(boolean transacted, int acknowledgeMode) throws JMSException {
        if (transacted) {
            return TRANSACTED;
        }
        SessionMode mode = of(acknowledgeMode);
        if (mode == TRANSACTED) {
            throw new JMSException(
                    "SESSION_TRANSACTED was given for a session that is not to be transacted; pass true, or another mode");
        }
        return mode;
    }

    /** The mode of this number; any other number is a {@link JMSException}. */
    public static SessionMode of(int constant) throws JMSException {
        return switch (constant) {
            case Session.AUTO_ACKNOWLEDGE -> AUTO;
            case Session.CLIENT_ACKNOWLEDGE -> CLIENT;
            case Session.DUPS_OK_ACKNOWLEDGE -> DUPS_OK;
            case Session.SESSION_TRANSACTED -> TRANSACTED;
            default ->
                throw new JMSException("there is no session mode " + constant
                        + "; it is AUTO_ACKNOWLEDGE (1), CLIENT_ACKNOWLEDGE (2), DUPS_OK_ACKNOWLEDGE (3) or"
                        + " SESSION_TRANSACTED (0)");
        };
    }
}
