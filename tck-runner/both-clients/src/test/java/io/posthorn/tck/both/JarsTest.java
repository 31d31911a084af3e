package io.posthorn.tck.both;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.ServerUrl;
import io.posthorn.wire.message.Envelope;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jars as they are published. */
class JarsTest {
    private static final Path JAKARTA = jarOf(io.posthorn.jms.PosthornConnectionFactory.class);
    private static final Path JAVAX = jarOf(io.posthorn.javax.jms.PosthornConnectionFactory.class);

    @Test
    void shouldHaveModuleNamesThatDoNotDependOnTheFileName() {
        ModuleFinder finder = ModuleFinder.of(JAKARTA, JAVAX, jarOf(ServerUrl.class), jarOf(Envelope.class));

        assertThat(finder.findAll().stream().map(ModuleReference::descriptor).map(ModuleDescriptor::name))
                .containsExactlyInAnyOrder(
                        "io.posthorn.jms", "io.posthorn.javax.jms", "io.posthorn.engine", "io.posthorn.wire");
    }

    @Test
    void shouldShareNoPackageSoThatBothFitOnOneModulePath() {
        assertThat(packages(JAVAX)).isNotEmpty().doesNotContainAnyElementsOf(packages(JAKARTA));
        assertThat(packages(JAVAX)).allMatch(name -> name.startsWith("io/posthorn/javax/jms"));
    }

    @Test
    void shouldHoldTheSameFilesUnderTheirNewNames() {
        assertThat(files(JAVAX))
                .containsExactlyElementsOf(files(JAKARTA).stream()
                        .map(name -> name.replace("io/posthorn/jms/", "io/posthorn/javax/jms/"))
                        .sorted()
                        .toList());
    }

    @Test
    void shouldPublishSourcesThatCompileAgainstJavaxJms(@TempDir Path folder) throws IOException {
        Path jar = Path.of(System.getProperty("javax.sources.jar"));
        List<Path> sources = unpack(jar, folder.resolve("sources"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        StringWriter said = new StringWriter();

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
            assertThat(compiler.getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                            .call())
                    .as(said.toString())
                    .isTrue();
        }

        assertThat(sources).allMatch(source -> source.toString().contains("/io/posthorn/javax/jms/"));
        assertThat(sources).hasSizeGreaterThan(50);
    }

    private static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no path of " + type, e);
        }
    }

    private static List<Path> unpack(Path jar, Path folder) throws IOException {
        List<Path> unpacked = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                if (entry.getName().endsWith(".java")) {
                    Path target = folder.resolve(entry.getName());
                    Files.createDirectories(target.getParent());
                    Files.copy(file.getInputStream(entry), target);
                    unpacked.add(target);
                }
            }
        }
        return unpacked;
    }

    /** Everything but the manifest and Maven's own files, folders included. */
    private static List<String> files(Path jar) {
        try (JarFile file = new JarFile(jar.toFile());
                Stream<JarEntry> entries = file.stream()) {
            return entries.map(JarEntry::getName)
                    .filter(name -> !name.startsWith("META-INF/"))
                    .filter(name -> !name.endsWith("/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + jar, e);
        }
    }

    private static Set<String> packages(Path jar) {
        return files(jar).stream()
                .map(name -> name.substring(0, name.lastIndexOf('/')))
                .collect(Collectors.toCollection(HashSet::new));
    }
}
