package io.posthorn.javax.made;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the build made, and what it made that from. Maven runs the tests in the module's folder. */
final class MadeFiles {
    static final Path CLASSES = Path.of("target/classes");
    static final Path CLASSES_OF_CLIENT = Path.of("../client/target/classes");
    static final Path SOURCES = Path.of("target/transformed/sources");
    static final Path SOURCES_OF_CLIENT = Path.of("../client/src/main/java");

    private MadeFiles() {}

    /** All files below the folder, as relative paths with slashes. */
    static List<String> below(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + folder.toAbsolutePath(), e);
        }
    }

    static byte[] bytes(Path folder, String file) {
        try {
            return Files.readAllBytes(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder.resolve(file), e);
        }
    }

    /** Names of the client's classes, with dots, nested ones included; without the signs on the doors. */
    static List<String> classNames() {
        return below(CLASSES).stream()
                .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
                .map(file ->
                        file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                .toList();
    }
}
