package io.posthorn.broker;

import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;

/**
 * What a broker writes to.
 *
 * @param journal the log that survives
 * @param scratch a log that is empty at the start and ends with the broker, for what need not survive and does not fit into
 *     memory
 */
public record Logs(Journal journal, Journal scratch) {

    /** Marks a position of the scratch log where one of either may stand. */
    private static final long SCRATCH = 1L << 62;

    /** A number for a position, or segment, of one of the logs, as {@link Host#fetch} is given it. */
    static long key(boolean durable, long position) {
        return durable ? position : position | SCRATCH;
    }

    /** Which log a number stands for. */
    static boolean isDurable(long key) {
        return (key & SCRATCH) == 0;
    }

    /** The position, or segment, that a number stands for. */
    static long position(long key) {
        return key & ~SCRATCH;
    }

    /** The record that {@link Host#fetch} asks for. For any thread; blocks for the disk. */
    public byte[] read(long key) throws JournalException {
        return isDurable(key) ? journal.read(key) : scratch.read(position(key));
    }

    /** The records that {@link Host#scan} asks for, about so many bytes of them. For any thread; blocks for the disk. */
    public Journal.Portion scan(long key, long from, int bytes) throws JournalException {
        return (isDurable(key) ? journal : scratch).scan(position(key), from, bytes);
    }
}
