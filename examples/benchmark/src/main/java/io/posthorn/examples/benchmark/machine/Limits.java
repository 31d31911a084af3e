package io.posthorn.examples.benchmark.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The machine's own limits.
 *
 * @param roundTripUs a round trip of 1 KiB over the loopback, median
 * @param relayUs the same over a relay, four hops
 * @param syncUs one fdatasync of 1 KiB written in a preallocated file, median
 * @param syncP99Us the same, 99 of 100
 * @param relaySyncUs the relay again, which writes what comes in whole pages and syncs it before it passes it on, both ways
 * @param appendP99Us 5 000 appends of 1 KiB a second, from due to durable, 99 of 100
 * @param calls 32 threads that each write 1 KiB to a socket and wait until it is on the disk, a second; one thread reads, another syncs and answers
 * @param callsOfOne the same with one thread that does all three
 * @param sequentialMb megabytes (of 10^6) a second, written by 32 KiB and synced at the end
 * @param streamMb the same when it comes over the loopback, is synced 512 KiB at a time and goes out over the loopback again
 * @param blockSyncNs one fdatasync of 4 KiB, median: what a peer's journal is fitted to
 */
public record Limits(
        double roundTripUs,
        double relayUs,
        double syncUs,
        double syncP99Us,
        double relaySyncUs,
        double appendP99Us,
        double calls,
        double callsOfOne,
        double sequentialMb,
        double streamMb,
        long blockSyncNs) {
    private static final int KIB = 1024;
    private static final int SYNCS = 2_000;
    private static final int CALLERS = 32;
    private static final int PER_SECOND = 5_000;
    private static final double NS_PER_US = TimeUnit.MICROSECONDS.toNanos(1);

    /** Measures for some seconds; the folder says which disk. */
    public static Limits measure(Path folder) throws IOException {
        long secondNs = TimeUnit.SECONDS.toNanos(1);
        double roundTripUs = Loopback.roundTripUs(secondNs);
        double relayUs = Loopback.relayUs(length -> {}, secondNs);
        try (Disk disk = new Disk(folder)) {
            disk.syncs(KIB, SYNCS / 2);
            Histogram sync = disk.syncs(KIB, SYNCS);
            Histogram blocks = disk.syncs(4 * KIB, SYNCS);
            double relaySyncUs = Loopback.relayUs(disk::append, secondNs);
            double appendP99Us = disk.appendP99Us(KIB, PER_SECOND, 2 * secondNs);
            return new Limits(
                    roundTripUs,
                    relayUs,
                    sync.getValueAtPercentile(50) / NS_PER_US,
                    sync.getValueAtPercentile(99) / NS_PER_US,
                    relaySyncUs,
                    appendP99Us,
                    Callers.perSecond(folder, CALLERS, true, 2 * secondNs),
                    Callers.perSecond(folder, CALLERS, false, 2 * secondNs),
                    disk.sequentialMbPerSecond(),
                    StoredStream.mbPerSecond(disk, secondNs),
                    blocks.getValueAtPercentile(50));
        }
    }

    /** The limits in one paragraph. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "Machine: loopback round trip %.0f µs, relay over four hops %.0f µs, fdatasync of 1 KiB %.0f µs (p99 %.0f), "
                        + "append and sync at 5 000/s p99 %.0f µs, sequential write %.0f MB/s, %.0f when it comes and goes over the loopback;%n"
                        + "32 threads that each write 1 KiB to a socket and wait for its sync: %.0f/s by two threads, %.0f/s by one;%n"
                        + "1 / (round trip + fdatasync) is %.0f/s, relay + 2 fdatasync is %.0f µs, and a relay that writes and syncs at both passes takes %.0f µs.",
                roundTripUs,
                relayUs,
                syncUs,
                syncP99Us,
                appendP99Us,
                sequentialMb,
                streamMb,
                calls,
                callsOfOne,
                NS_PER_US * 1e3 / (roundTripUs + syncUs),
                relayUs + 2 * syncUs,
                relaySyncUs);
    }
}
