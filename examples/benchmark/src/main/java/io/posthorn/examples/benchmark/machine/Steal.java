package io.posthorn.examples.benchmark.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * How much of a virtual machine's processors its host gave to others, from Linux' {@code /proc/stat}. A machine from which much is taken
 * wakes its threads late, which costs those most that wait for each other.
 */
public final class Steal {
    private static final Path STAT = Path.of("/proc/stat");

    /** Which column it is; guests' time, behind it, is in the first ones already. */
    private static final int STOLEN = 7;

    private final long[] before;

    private Steal(long[] before) {
        this.before = before;
    }

    /** Counts from now on. */
    public static Steal begin() throws IOException {
        return new Steal(read());
    }

    /** One sentence for what was printed meanwhile; empty on a system that does not count it. */
    public String describe() throws IOException {
        long[] now = read();
        if (now.length <= STOLEN) {
            return "";
        }
        long all = Arrays.stream(now).sum() - Arrays.stream(before).sum();
        return String.format(
                Locale.ROOT,
                "The host gave %.1f %% of the processors to others meanwhile (steal).",
                100.0 * (now[STOLEN] - before[STOLEN]) / Math.max(1, all));
    }

    private static long[] read() throws IOException {
        if (!Files.isReadable(STAT)) {
            return new long[0];
        }
        String first = Files.readAllLines(STAT).get(0);
        return Arrays.stream(first.split("\\s+"))
                .skip(1)
                .limit(STOLEN + 1)
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
