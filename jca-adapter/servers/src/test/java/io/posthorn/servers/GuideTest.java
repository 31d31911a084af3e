package io.posthorn.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The configuration that a guide shows is the file that the tests give to the server. */
class GuideTest {

    private static final Path GUIDES = Path.of("../../docs/app-servers");
    private static final Path FILES = Path.of("src/servers");

    @ParameterizedTest
    @CsvSource({
        "openliberty.md, openliberty/server.xml",
        "openliberty-javax.md, openliberty-javax/server.xml",
        "wildfly.md, wildfly/posthorn.cli",
        "wildfly26.md, wildfly26/posthorn.cli"
    })
    void shouldShowTheFileThatIsTested(String guide, String file) throws IOException {
        assertThat(Files.readString(GUIDES.resolve(guide)))
                .contains("\n" + Files.readString(FILES.resolve(file)) + "```");
    }

    @Test
    void shouldHaveAGuideInTheTableOfContents() throws IOException {
        String contents = Files.readString(GUIDES.resolve("README.md"));
        try (var files = Files.list(GUIDES)) {
            List<String> guides = files.map(path -> path.getFileName().toString())
                    .filter(name -> !"README.md".equals(name))
                    .toList();
            assertThat(guides)
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(contents).contains("(" + name + ")"));
        }
    }
}
