package io.posthorn.broker;

/** What the broker asks of whoever drives it. Answers come back as calls, never from within the request. */
public interface Host {

    /** Read the record at {@code position} and call {@link Broker#onContent} or {@link Broker#onContentFailed}. */
    void fetch(long position);
}
