package io.posthorn.gateway.agent;

import io.posthorn.broker.Logs;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The agent {@code posthorn-journal-reader}: reads records back so that no event loop waits for the disk. Takes the
 * positions of one turn at a time and hands over what it read in portions, each with one wake-up. The broker bounds how
 * much it asks for; the thread ends when nothing was asked for a while.
 */
final class JournalReader {

    /** A portion is handed over once it holds this many bytes. */
    static final int PORTION_BYTES = 1 << 20;

    private static final long STOP_TIMEOUT_MS = 5_000;

    private final Logs logs;
    private final Consumer<List<Content>> receiver;
    private final Consumer<Scanned> scanReceiver;
    private final ThreadPoolExecutor thread;

    /** The receivers are called on the reader's thread. */
    JournalReader(Logs logs, Consumer<List<Content>> receiver, Consumer<Scanned> scanReceiver) {
        this.logs = logs;
        this.receiver = receiver;
        this.scanReceiver = scanReceiver;
        this.thread = new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), runnable -> {
            Thread made = new Thread(runnable, "posthorn-journal-reader");
            made.setDaemon(true);
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Asks for the records at these positions, in this order; returns at once. */
    void read(long[] positions) {
        thread.execute(() -> readAll(positions));
    }

    /** Asks for some records of a segment, from a position on; returns at once. */
    void scan(long key, long from, int bytes) {
        thread.execute(() -> scanReceiver.accept(scanOne(key, from, bytes)));
    }

    private Scanned scanOne(long key, long from, int bytes) {
        try {
            return new Scanned(key, logs.scan(key, from, bytes), null);
        } catch (JournalException | RuntimeException e) {
            return new Scanned(key, null, String.valueOf(e.getMessage()));
        }
    }

    /** A portion of a segment, or why it cannot be read. */
    record Scanned(long key, Journal.Portion portion, String failure) {}

    private void readAll(long[] positions) {
        List<Content> portion = new ArrayList<>();
        long bytes = 0;
        for (long position : positions) {
            if (thread.isShutdown()) {
                return;
            }
            Content content = readOne(position);
            portion.add(content);
            bytes += content.record == null ? 0 : content.record.length;
            if (bytes >= PORTION_BYTES) {
                receiver.accept(portion);
                portion = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!portion.isEmpty()) {
            receiver.accept(portion);
        }
    }

    private Content readOne(long position) {
        try {
            return new Content(position, logs.read(position), null);
        } catch (JournalException | RuntimeException e) {
            return new Content(position, null, String.valueOf(e.getMessage()));
        }
    }

    /** Drops what was not read yet, and waits for the read that is under way: the journal may be closed afterwards. */
    void stop() {
        thread.shutdown();
        thread.getQueue().clear();
        boolean interrupted = false;
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_TIMEOUT_MS);
        boolean waiting = true;
        while (waiting) {
            try {
                thread.awaitTermination(untilNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                waiting = false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A record that was read, or why it could not be. */
    static final class Content {
        final long position;
        final byte[] record;
        final String failure;

        Content(long position, byte[] record, String failure) {
            this.position = position;
            this.record = record;
            this.failure = failure;
        }
    }
}
