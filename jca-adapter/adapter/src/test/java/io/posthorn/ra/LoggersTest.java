package io.posthorn.ra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LoggersTest {

    @Test
    void shouldKnowEveryClassThatHasALogger() throws Exception {
        Path classes = Path.of(Loggers.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path own = classes.resolve("io/posthorn/ra");
        List<String> found;
        try (Stream<Path> files = Files.walk(own)) {
            found = files.filter(LoggersTest::asksForALogger)
                    .map(file -> own.relativize(file)
                            .toString()
                            .replace(".class", "")
                            .replace('/', '.'))
                    .filter(name -> !name.equals("Loggers"))
                    .toList();
        }
        assertThat(Loggers.OWNERS).containsExactlyInAnyOrderElementsOf(found);
    }

    private static boolean asksForALogger(Path file) {
        try {
            return Files.isRegularFile(file)
                    && Files.readString(file, StandardCharsets.ISO_8859_1).contains("org/slf4j/LoggerFactory");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldLeaveTheThreadsClassLoaderAsItWas() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader application = new URLClassLoader(new URL[0], before)) {
            thread.setContextClassLoader(application);
            Loggers.make();
            assertThat(thread.getContextClassLoader()).isSameAs(application);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
