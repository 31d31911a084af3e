package io.posthorn.broker.limit;

/** What happens to a message that a full queue should get. */
public enum LimitPolicy {
    /** Its sender waits, for as long as it has patience. */
    BLOCK,
    /** Its sender is told at once. */
    FAIL,
    /** The oldest messages that nobody holds make room for it. */
    DROP_OLDEST,
    /** It goes to the dead-letter queue. */
    REJECT
}
