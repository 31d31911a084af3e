package io.posthorn.tck.resumption.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;

/**
 * Messages of one sender to one consumer that the server keeps in memory only: to a topic without a durable subscription, or
 * NON_PERSISTENT. Each arrives at most once, and in order. What the server's end may take with it is what was under way then: a message
 * that was sent and confirmed within one run, to a consumer that this run had answered before, must arrive if a later one of that run
 * arrives, or if this run says afterwards that there is nothing more.
 *
 * <p>A persistent message that came, and whose sender had not heard of it when the server died, is sent again, as nothing in the log
 * tells that it was taken. It must be the last that came, and come with the flag.
 */
final class Feed {

    private static final int SHOWN_MAX = 20;
    private static final int UNDER_WAY_MAX = 200;
    private static final int WAIT_MS = 100;

    private final String name;
    private final Runs runs;
    private final Standing consumer;
    private final boolean persistent;
    private final Queue<String> violations;

    /** The run that each message certainly belongs to, from number 1 on; otherwise {@link Runs#NONE}. Guarded by itself. */
    private final List<Integer> sent = new ArrayList<>();

    /** Numbers that did not come before what came. Guarded by {@code sent}, as all below. */
    private final TreeSet<Long> skipped = new TreeSet<>();

    private long last;

    /** The run that its consumer was sure of when it arrived; it may have come with the last breath of the next. */
    private int lastRun = Runs.NONE;

    private long arrivedCount;
    private long sentTwiceCount;

    /** The consumer's {@code standing} shows which runs have it as a consumer. */
    Feed(String name, Runs runs, Standing consumer, boolean persistent, Queue<String> violations) {
        this.name = name;
        this.runs = runs;
        this.consumer = consumer;
        this.persistent = persistent;
        this.violations = violations;
    }

    String name() {
        return name;
    }

    /** Waits until more messages may be under way; false when there is no room for long. */
    boolean awaitRoom() throws InterruptedException {
        synchronized (sent) {
            if (sent.size() - last >= UNDER_WAY_MAX) {
                sent.wait(WAIT_MS);
            }
            return sent.size() - last < UNDER_WAY_MAX;
        }
    }

    /** A send, or the first one of a transaction, begins; the result is for {@link #confirm}. */
    int sending() {
        int run = runs.current();
        return run == consumer.proven() ? run : Runs.NONE;
    }

    /** The next {@code count} numbers have been sent. */
    void confirm(int count, int sending) {
        int run = sending == runs.endedCount() ? sending : Runs.NONE;
        synchronized (sent) {
            for (int index = 0; index < count; index++) {
                sent.add(run);
            }
        }
    }

    /** Highest number of which the send was confirmed. */
    long confirmedCount() {
        synchronized (sent) {
            return sent.size();
        }
    }

    void arrive(long number, boolean redelivered) {
        synchronized (sent) {
            if (persistent && number == last && runs.endedCount() > lastRun && redelivered) {
                sentTwiceCount++;
                return;
            }
            if (number <= last) {
                violations.add(name + " " + number + (redelivered ? " (flagged)" : " (not flagged)") + " came after "
                        + last + (skipped.contains(number) ? ", late" : ", again"));
                return;
            }
            skip(number - 1);
            last = number;
            lastRun = consumer.proven();
            arrivedCount++;
            sent.notifyAll();
        }
    }

    /** Run {@code run} says that there is nothing more, of what had been confirmed up to {@code number} when it was asked. */
    void drained(long number, int run) {
        synchronized (sent) {
            for (long missing = last + 1; missing <= number; missing++) {
                if (sent.get((int) missing - 1) == run) {
                    violations.add(name + " " + missing + " was sent in run " + run
                            + " and did not arrive, though that run says it was all");
                }
            }
            skip(number);
            last = Math.max(last, number);
            sent.notifyAll();
        }
    }

    private void skip(long upTo) {
        for (long missing = last + 1; missing <= upTo; missing++) {
            skipped.add(missing);
        }
    }

    /** What was lost while a later one of the same run arrived; the first of it. To be asked when all is over. */
    List<String> lost() {
        List<String> lost = new ArrayList<>();
        synchronized (sent) {
            for (long missing : skipped) {
                int run = runOf(missing);
                long next = missing + 1;
                while (skipped.contains(next)) {
                    next++;
                }
                if (run != Runs.NONE && next <= last && runOf(next) == run && lost.size() < SHOWN_MAX) {
                    lost.add(name + " " + missing + " was sent in run " + run + " and skipped, though " + next
                            + " of that run arrived");
                }
            }
        }
        return lost;
    }

    private int runOf(long number) {
        return number <= sent.size() ? sent.get((int) number - 1) : Runs.NONE;
    }

    @Override
    public String toString() {
        synchronized (sent) {
            return name + ": " + sent.size() + " confirmed, " + arrivedCount + " arrived, " + skipped.size()
                    + " gone with the server, " + sentTwiceCount + " sent again with the flag";
        }
    }
}
