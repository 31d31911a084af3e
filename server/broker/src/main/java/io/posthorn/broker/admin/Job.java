package io.posthorn.broker.admin;

/** Something that takes several turns. */
interface Job {

    /** Goes on, at the end of a turn. True when it is over. */
    boolean work();

    /** Whether {@link #work} has something to do now, rather than to wait for. */
    boolean isReady();
}
