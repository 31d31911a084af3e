package io.posthorn.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.EmbeddedServer;
import io.posthorn.engine.EngineException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VmServersTest {

    @TempDir
    private Path folder;

    private final VmServers servers = new VmServers();

    @Test
    void shouldBeFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(EmbeddedServer.class)).hasAtLeastOneElementOfType(VmServers.class);
    }

    @Test
    void shouldStartWithTheFirstAndStopWithTheLast() throws Exception {
        Map<String, String> options = Map.of("data", folder.toString());
        SocketAddress first = servers.acquire("a", options);
        assertThat(servers.acquire("a", options)).isEqualTo(first);
        servers.release("a");
        assertThat(servers.acquire("a", options)).as("one is left").isEqualTo(first);
        servers.release("a");
        servers.release("a");
        SocketAddress second = servers.acquire("a", options);
        assertThat(second).as("another server").isNotEqualTo(first);
        servers.release("a");
        servers.release("a");
        assertThat(folder.resolve("journal")).isDirectory();
    }

    @Test
    void shouldKeepTheServerWhenAsked() throws Exception {
        Map<String, String> options = Map.of("data", folder.toString(), "keep", "true");
        SocketAddress first = servers.acquire("kept", options);
        servers.release("kept");
        assertThat(servers.acquire("kept", options)).isEqualTo(first);
        servers.stopAll();
    }

    @Test
    void shouldServeTwoNamesApart() throws Exception {
        SocketAddress one = servers.acquire("one", Map.of());
        SocketAddress two = servers.acquire("two", Map.of("persistent", "false"));
        assertThat(one).isNotEqualTo(two);
        servers.release("one");
        servers.release("two");
    }

    @Test
    void shouldDeleteTheTemporaryFolder() throws Exception {
        servers.acquire("temporary-test", Map.of());
        assertThat(temporaryFolders()).hasSize(1);
        servers.release("temporary-test");
        assertThat(temporaryFolders()).isEmpty();
    }

    private static List<Path> temporaryFolders() throws Exception {
        try (var all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("posthorn-temporary-test-"))
                    .toList();
        }
    }

    @Test
    void shouldNameWhatIsWrongWithTheOptions() throws Exception {
        assertRefused(Map.of("dta", "x"), "did you mean 'data'?");
        assertRefused(Map.of("keep", "yes"), "'keep'");
        assertRefused(Map.of("data", ""), "'data'");
        assertRefused(Map.of("data", "x", "persistent", "false"), "persistent=false");
        assertRefused(Map.of("config", folder.resolve("missing.yaml").toString()), "missing.yaml: no such file");
        Path file = Files.writeString(folder.resolve("file"), "");
        assertRefused(Map.of("data", file.toString()), file.toString());
    }

    private void assertRefused(Map<String, String> options, String expected) {
        assertThatThrownBy(() -> servers.acquire("wrong", options))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("vm://wrong")
                .hasMessageContaining(expected);
    }
}
