package io.posthorn.examples.benchmark.provider;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessTest {
    @TempDir
    private Path folder;

    @Test
    void shouldFailWhoWritesItsLogAsItWorks() throws IOException {
        Path log = Files.write(folder.resolve("server.log"), new byte[1 << 20]);

        try (JavaProcess loud =
                JavaProcess.start("loud server", log, false, List.of("-Xmx1g"))) { // says how it is used
            loud.process().onExit().join();

            assertThatThrownBy(loud::requireQuiet)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("loud server")
                    .hasMessageContaining(log.toString());
        }
    }

    @Test
    void shouldLeaveAloneWhoSaysLittle() throws IOException {
        Path log = folder.resolve("server.log");

        try (JavaProcess quiet = JavaProcess.start("quiet server", log, false, List.of("-version"))) {
            quiet.process().onExit().join();

            assertThatCode(quiet::requireQuiet).doesNotThrowAnyException();
        }
    }
}
