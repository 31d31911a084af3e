package io.posthorn.broker.transaction;

import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Recorder;
import io.posthorn.wire.frame.EntryRanges;

/**
 * Entries of one queue that are consumed by a command: those in the log go by a record, the others directly. {@link
 * #record} before the commit, {@link #complete} after it.
 */
public final class Settlement {

    private final MessageQueue queue;
    private final EntryRanges logged;
    private final EntryRanges unlogged;

    private Settlement(MessageQueue queue, EntryRanges logged, EntryRanges unlogged) {
        this.queue = queue;
        this.logged = logged;
        this.unlogged = unlogged;
    }

    public static Settlement of(MessageQueue queue, EntryRanges entries) {
        if (!queue.isDurable()) {
            return new Settlement(queue, EntryRanges.NONE, entries);
        }
        if (entries.count() == 1) {
            boolean inLog = queue.isInLog(entries.first(0));
            return new Settlement(queue, inLog ? entries : EntryRanges.NONE, inLog ? EntryRanges.NONE : entries);
        }
        EntryRanges.Builder logged = new EntryRanges.Builder();
        EntryRanges.Builder unlogged = new EntryRanges.Builder();
        entries.forEach(entry -> (queue.isInLog(entry) ? logged : unlogged).add(entry));
        if (unlogged.isEmpty()) {
            return new Settlement(queue, entries, EntryRanges.NONE);
        }
        return new Settlement(queue, logged.build(), unlogged.build());
    }

    public MessageQueue queue() {
        return queue;
    }

    public EntryRanges logged() {
        return logged;
    }

    public EntryRanges unlogged() {
        return unlogged;
    }

    public boolean isLogged() {
        return !logged.isEmpty();
    }

    /** Returns what is in no log to its queue, as handed out in vain. */
    void giveBackUnlogged() {
        Units.countAttempt(queue, unlogged);
        unlogged.forEach(queue.redelivery()::giveBack);
    }

    public void record(Recorder recorder) {
        if (isLogged()) {
            recorder.add(new LogRecord.Settled(queue.number(), logged));
        }
    }

    public void complete() {
        if (!unlogged.isEmpty()) {
            queue.settle(unlogged);
        }
    }
}
