package io.posthorn.broker.store;

import io.posthorn.broker.queue.Receiver;
import io.posthorn.journal.Journal.Flush;
import java.util.function.LongConsumer;

/**
 * What a command comes to. Its records are in the {@link Recorder}, not yet appended; nothing has changed. {@code complete}
 * does, after the append, what is volatile: it is given the position that must be durable before anything leaves that
 * depends on the command, or {@link Receiver#NO_GATE}.
 *
 * @param flush how soon the records must be durable
 * @param complete changes what is not in the log
 * @param result what the command returns; {@link #NO_RESULT} for nothing
 */
public record Decision(Flush flush, LongConsumer complete, long result) {

    public static final long NO_RESULT = -1;

    private static final Decision NOTHING = new Decision(Flush.LAZY, gate -> {}, NO_RESULT);

    public static Decision of(Flush flush, LongConsumer complete) {
        return new Decision(flush, complete, NO_RESULT);
    }

    /** A command that changes nothing, or has changed what is volatile already. */
    public static Decision nothing() {
        return NOTHING;
    }

    /** A command that changes only what is volatile. */
    public static Decision volatileOnly(Runnable complete) {
        return new Decision(Flush.LAZY, gate -> complete.run(), NO_RESULT);
    }

    /** Appends the records and completes. Returns the position behind them, or {@link Recorder#NOTHING}. */
    public long carryOut(Recorder recorder) {
        return carryOut(recorder, flush);
    }

    /** The same, with records that somebody else waits for, too. */
    public long carryOut(Recorder recorder, Flush sooner) {
        long end = recorder.commit(sooner);
        complete.accept(end == Recorder.NOTHING ? Receiver.NO_GATE : end - 1);
        return end;
    }
}
