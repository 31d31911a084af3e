package io.posthorn.examples.benchmark.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a run has its place.
 *
 * @param target the folder {@code target} of the benchmark, where the jars are
 * @param folder the run's own: configuration, data, log
 * @param port where the server has to listen
 * @param blockSyncNs how long the disk takes to sync 4 KiB
 * @param options more options of the Java processes, for a profiler
 */
public record Site(Path target, Path folder, int port, long blockSyncNs, Options options) {
    /** Options of the JVM of the server, and of the worker. */
    public record Options(List<String> server, List<String> worker) {}

    /** The folder {@code target} that this class was built into. */
    public static Path findTarget() {
        return ownCode().getParent();
    }

    static Path ownCode() {
        try {
            return Path.of(Site.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("This class has no place on the disk", e);
        }
    }

    /** The folder with the jars of a provider. */
    Path jars(Provider provider) {
        Path jars = target.resolve("providers").resolve(provider.jars());
        if (!Files.isDirectory(jars)) {
            throw new IllegalStateException(
                    "There is no " + jars + ": run mvn -f examples/benchmark/peers package to fetch the peers' jars");
        }
        return jars;
    }

    /** The class path of a provider's own jars. */
    String classPath(Provider provider) {
        return jars(provider) + "/*";
    }

    /** The one file in a folder whose name begins and ends so. */
    static Path find(Path folder, String begin, String end) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().startsWith(begin))
                    .filter(file -> file.getFileName().toString().endsWith(end))
                    .toList();
            if (found.size() != 1) {
                throw new IllegalStateException(
                        folder + " has " + found.size() + " files " + begin + "*" + end + ", not one: build it first");
            }
            return found.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look into " + folder, e);
        }
    }
}
