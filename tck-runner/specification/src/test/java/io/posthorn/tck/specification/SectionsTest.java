package io.posthorn.tck.specification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * That the list of the specification's sections in {@code docs/conformance.md} says what is so: the tests of this module by their
 * annotations, the others by {@code sections.txt}. With {@code -Dspecification.write=true} the list is written and not compared.
 */
class SectionsTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Path DOCUMENT = ROOT.resolve(Path.of("docs", "conformance.md"));
    private static final Path TESTS = Path.of("src", "test", "java", "io", "posthorn", "tck", "specification");
    private static final String BEGIN = "<!-- sections: written by SectionsTest -->\n";
    private static final String END = "<!-- end of sections -->\n";

    private static List<Listed> sections;

    /** The tests of this module by section, by class. */
    private static Map<String, Map<String, List<String>>> tests;

    /** A line of {@code sections.txt}. */
    private record Listed(String number, String title, List<String> elsewhere) {

        static Listed of(String line) {
            String[] parts = line.split(" \\| ", -1);
            boolean reason = parts[2].startsWith("- ");
            return new Listed(parts[0], parts[1], reason ? List.of(parts[2]) : List.of(parts[2].split(", ", -1)));
        }

        boolean hasReason() {
            return elsewhere.get(0).startsWith("- ");
        }
    }

    @BeforeAll
    static void read() throws Exception {
        sections = Files.readAllLines(Path.of("src", "test", "resources", "sections.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Listed::of)
                .toList();
        tests = new TreeMap<>();
        for (Class<?> chapter : chapters()) {
            for (Method method : testsOf(chapter)) {
                Section section = method.getAnnotation(Section.class);
                for (String number : section == null ? new String[] {"none"} : section.value()) {
                    tests.computeIfAbsent(number, key -> new TreeMap<>())
                            .computeIfAbsent(chapter.getSimpleName(), key -> new ArrayList<>())
                            .add(method.getName());
                }
            }
        }
    }

    private static List<Class<?>> chapters() throws IOException, ClassNotFoundException {
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(TESTS)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                if (name.startsWith("Chapter")) {
                    found.add(Class.forName(SectionsTest.class.getPackageName() + "." + name));
                }
            }
        }
        return found;
    }

    private static List<Method> testsOf(Class<?> chapter) {
        return Arrays.stream(chapter.getDeclaredMethods())
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    @Test
    void shouldKnowEverySectionThatATestNames() {
        assertThat(sections).extracting(Listed::number).doesNotHaveDuplicates().containsAll(tests.keySet());
    }

    @Test
    void shouldHaveATestOrAReasonForEverySection() {
        assertThat(sections)
                .allMatch(section -> !section.elsewhere().isEmpty())
                .noneMatch(section -> section.hasReason() && tests.containsKey(section.number()));
    }

    @Test
    void shouldFindTheTestsThatAreListed() throws IOException {
        Set<String> known = testClasses();
        assertThat(sections)
                .filteredOn(section -> !section.hasReason())
                .flatMap(Listed::elsewhere)
                .filteredOn(test -> !test.contains(":"))
                .isSubsetOf(known);
    }

    @Test
    void shouldBeWhatTheDocumentShows() throws IOException {
        String document = Files.readString(DOCUMENT, StandardCharsets.UTF_8);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        assertThat(begin).as("the place of the list in %s", DOCUMENT).isBetween(BEGIN.length(), end);
        if (Boolean.getBoolean("specification.write")) {
            document = document.substring(0, begin) + table() + document.substring(end);
            Files.writeString(DOCUMENT, document, StandardCharsets.UTF_8);
            return;
        }
        assertThat(document.substring(begin, end))
                .as("the list in %s; -Dspecification.write=true writes it anew", DOCUMENT)
                .isEqualTo(table());
    }

    private static String table() {
        StringBuilder table = new StringBuilder(
                "| section | title | tests of `tck-runner/specification` | also in |\n| --- | --- | --- | --- |\n");
        for (Listed section : sections) {
            String here = tests.getOrDefault(section.number(), Map.of()).entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + String.join(", ", entry.getValue()))
                    .collect(Collectors.joining("; "));
            String elsewhere = section.hasReason()
                    ? section.elsewhere().get(0).substring(2)
                    : section.elsewhere().stream()
                            .map(test -> test.replace("kit:", "kit ").replace("joram:", "JORAM "))
                            .collect(Collectors.joining(", "));
            table.append("| " + section.number() + " | " + section.title() + " | " + here + " | " + elsewhere + " |\n");
        }
        return table.toString();
    }

    /** All test classes of the repository, as the folder of their module and their name. */
    private static Set<String> testClasses() throws IOException {
        Set<String> names = new HashSet<>();
        for (String folder : List.of("jms-provider", "server", "tck-runner")) {
            Files.walkFileTree(ROOT.resolve(folder), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                    return path.endsWith("target") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                    String name = path.getFileName().toString();
                    String[] parts = path.toString().split("/src/test/java/", -1);
                    if (name.endsWith("Test.java") && parts.length == 2) {
                        names.add(Path.of(parts[0]).getFileName() + "/" + name.replace(".java", ""));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return names;
    }
}
