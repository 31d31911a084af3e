package io.posthorn.engine.connection;

import io.posthorn.engine.command.AckBatch;
import io.posthorn.engine.command.Command;
import io.posthorn.engine.command.ConsumerRef;
import io.posthorn.engine.waiting.Promise;
import io.posthorn.engine.waiting.Written;

/**
 * The acknowledgements of a session that nobody waits for, and how far the application is ahead of them. Those of one consumer that follow each
 * other lie in the outbox as one, which grows until it is taken out. Under the session's lock, but for {@link #endBatch} and {@link
 * #awaitWritten}.
 */
final class Acknowledgements {

    private final ResumingConnection connection;
    private final Outbox outbox;
    private final Written.Lead lead;

    /** What the session put into the outbox last; null when that was anything else. */
    private volatile AckBatch batch;

    private Promise outcome;

    /** How much was put into the outbox when the batch was. */
    private long mark;

    Acknowledgements(ResumingConnection connection) {
        this.connection = connection;
        this.outbox = connection.outbox;
        this.lead = outbox.written().lead(connection.patience.options().acknowledgementLagMs(), outbox::wakeLoop);
    }

    /** Puts one in order; its outcome is that of all that go with it. The caller wakes the outbox after it. */
    Promise add(ConsumerRef consumer, long entry, boolean isLogged) {
        AckBatch last = batch;
        if (last == null || !last.isOf(consumer) || !last.add(entry, isLogged)) {
            outcome = connection.promise("acknowledgements");
            AckBatch next = new AckBatch(consumer, outcome);
            next.add(entry, isLogged);
            batch = next;
            outbox.addForSoon(next);
            mark = outbox.putCount();
        }
        lead.acknowledged(mark);
        return outcome;
    }

    /** Puts several in order. The caller wakes the outbox after it. */
    void add(Command several) {
        endBatch();
        outbox.addForSoon(several);
    }

    /** One was put in order that somebody waits for. */
    void added() {
        lead.acknowledged(outbox.putCount());
    }

    /** Whatever is acknowledged from now on comes behind something else that the session puts in order. */
    void endBatch() {
        if (batch != null) {
            batch = null;
        }
    }

    /** Before another message is handed over: waits for what was acknowledged, if it should be written by now. */
    void awaitWritten() {
        lead.await();
    }
}
