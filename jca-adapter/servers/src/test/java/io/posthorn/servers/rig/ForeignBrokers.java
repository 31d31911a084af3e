package io.posthorn.servers.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two brokers of another provider, both resource managers of one transaction; only profiles for foreign adapters have them. */
public final class ForeignBrokers implements AutoCloseable {

    /** What the configuration of such a profile calls its resource adapter, where the server does not bring one. */
    private static final String RAR_IN_CONFIGURATION = "foreign.rar";

    private static final String FIRST_IN_CONFIGURATION = "tcp://127.0.0.1:61616";
    private static final String SECOND_IN_CONFIGURATION = "tcp://127.0.0.1:61617";

    private final Path origin;
    private final URLClassLoader loader;
    private final ForeignBroker first;
    private final ForeignBroker second;

    private ForeignBrokers(Path origin, Path folder) {
        this.origin = origin;
        loader = new URLClassLoader(jars(folder), ForeignBrokers.class.getClassLoader());
        first = ForeignBroker.start(loader, "first");
        second = ForeignBroker.start(loader, "second");
    }

    /** With the classes from a folder of jars, or from a RAR; {@code home} is for what has to be unpacked. */
    static ForeignBrokers start(Path origin, Path home) {
        if (Files.isDirectory(origin)) {
            return new ForeignBrokers(origin, origin);
        }
        try (FileSystem archive = FileSystems.newFileSystem(origin);
                DirectoryStream<Path> jars = Files.newDirectoryStream(archive.getPath("/"), "*.jar")) {
            for (Path jar : jars) {
                Site.copy(jar, home.resolve(jar.getFileName().toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + origin, e);
        }
        return new ForeignBrokers(origin, home);
    }

    /** Not all: a server's folder has much that is not for us. */
    private static URL[] jars(Path folder) {
        List<URL> found = new ArrayList<>();
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(folder, "{activemq,hawtbuf,jakartaee-api,jackson,micrometer}*.jar")) {
            for (Path jar : jars) {
                found.add(url(jar));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder, e);
        }
        return found.toArray(URL[]::new);
    }

    private static URL url(Path file) throws MalformedURLException {
        return file.toUri().toURL();
    }

    public ForeignBroker first() {
        return first;
    }

    public ForeignBroker second() {
        return second;
    }

    /** What to put in place of the configuration's addresses, and of its resource adapter. */
    Map<String, String> replacements() {
        return Map.of(
                FIRST_IN_CONFIGURATION,
                first.url(),
                SECOND_IN_CONFIGURATION,
                second.url(),
                RAR_IN_CONFIGURATION,
                origin.toString());
    }

    @Override
    public void close() {
        first.close();
        second.close();
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
