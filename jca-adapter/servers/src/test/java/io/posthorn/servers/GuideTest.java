package io.posthorn.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The configuration that a guide shows is the file that the tests give to the server. */
class GuideTest {

    private static final Path GUIDES = Path.of("../../docs/app-servers");
    private static final Path FILES = Path.of("src/servers");
    private static final Path DESCRIPTOR = Path.of("../rar/src/main/rar/META-INF/ra.xml");

    private static final Map<String, String> TYPES =
            Map.of("java.lang.String", "text", "java.lang.Integer", "number", "java.lang.Boolean", "true or false");

    @ParameterizedTest
    @CsvSource({
        "genericjms.md, wildfly-genericjms/WEB-INF/jboss-ejb3.xml",
        "genericjms.md, wildfly-genericjms/module.xml",
        "genericjms.md, wildfly-genericjms/posthorn.cli",
        "glassfish.md, glassfish/posthorn.asadmin",
        "openliberty-javax.md, openliberty-javax/server.xml",
        "openliberty.md, openliberty/server.xml",
        "payara.md, glassfish/posthorn.asadmin",
        "payara5.md, payara5/posthorn.asadmin",
        "tomcat.md, tomcat/context.xml",
        "tomcat.md, tomcat9/context.xml",
        "tomee.md, tomee/tomee.xml",
        "wildfly.md, wildfly/posthorn.cli",
        "wildfly26.md, wildfly26/posthorn.cli"
    })
    void shouldShowTheFileThatIsTested(String guide, String file) throws IOException {
        assertThat(Files.readString(GUIDES.resolve(guide)))
                .contains("\n" + Files.readString(FILES.resolve(file)) + "```");
    }

    @Test
    void shouldSayOfEachPropertyWhatTheAdapterSays() throws Exception {
        Set<String> rows = Files.readAllLines(GUIDES.resolve("properties.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .collect(Collectors.toSet());
        NodeList properties = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(DESCRIPTOR.toFile())
                .getElementsByTagName("config-property");
        Set<String> described = IntStream.range(0, properties.getLength())
                .mapToObj(index -> row((Element) properties.item(index)))
                .collect(Collectors.toSet());
        assertThat(rows).isNotEmpty().isEqualTo(described);
    }

    private static String row(Element property) {
        String type = text(property, "config-property-type");
        return "| `" + text(property, "config-property-name") + "` | " + TYPES.get(type) + " | "
                + text(property, "description") + " |";
    }

    private static String text(Element property, String child) {
        return property.getElementsByTagName(child).item(0).getTextContent();
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
