package io.posthorn.benchmarks;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.file.FileJournal;
import io.posthorn.journal.file.FileJournalSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The journal on files, in a folder below the working directory that is deleted after each iteration. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class JournalBenchmark {
    private static final int BATCHES_PER_FLUSH = 32;

    private final Batch batch = new Batch();
    private final byte[] head = new byte[24];
    private final byte[] envelope = Samples.message(true).bytes();
    private Path folder;
    private FileJournal journal;
    private int appended;
    private volatile long synced;
    private volatile Thread waiting;

    @Setup(Level.Iteration)
    public void open() throws IOException, JournalException {
        folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "journal-benchmark");
        journal = FileJournal.open(folder, FileJournalSettings.defaults());
        journal.replay(new Nothing());
        synced = 0;
        journal.listen(new Journal.ProgressListener() {
            @Override
            public void onProgress(long written, long newSynced) {
                synced = newSynced;
                LockSupport.unpark(waiting);
            }

            @Override
            public void onFailure(JournalException failure) {
                throw new IllegalStateException(failure);
            }
        });
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException, JournalException {
        journal.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(JournalBenchmark::delete);
        }
    }

    /** The broker's share of an append while others are under way; bound by the disk once its memory is full. */
    @Benchmark
    public long append() {
        long end = append(Flush.LAZY);
        appended++;
        if (appended % BATCHES_PER_FLUSH == 0) {
            journal.flush();
        }
        return end;
    }

    /** One writer that waits for each of its batches: two hand-offs, a write and a sync. */
    @Benchmark
    public long appendAndAwaitSync() {
        waiting = Thread.currentThread();
        long end = append(Flush.SYNC);
        journal.flush();
        while (synced < end) {
            LockSupport.park(this);
        }
        return end;
    }

    private long append(Flush flush) {
        batch.add(head, head.length, envelope, 0, envelope.length);
        long end = journal.append(batch, flush);
        batch.clear();
        return end;
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + file, e);
        }
    }

    /** A new log has nothing to replay. */
    private static final class Nothing implements Journal.BatchVisitor {
        @Override
        public void onRecord(long position, byte[] bytes) {
            throw new IllegalStateException("a new log holds a record at " + position);
        }

        @Override
        public void onBatchEnd(long end) {
            throw new IllegalStateException("a new log holds a batch to " + end);
        }
    }
}
