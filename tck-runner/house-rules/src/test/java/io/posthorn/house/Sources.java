package io.posthorn.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** All Java sources of the repository, parsed but not compiled. */
final class Sources {

    /** One file: its path below the root, and what the parser made of it. */
    record Source(Path root, Path path, CompilationUnitTree tree, SourcePositions positions) {

        boolean isTest() {
            return path.toString().contains("src/test/");
        }

        /** The module, such as {@code server/broker}. */
        String module() {
            String text = path.toString();
            int source = text.indexOf("/src/");
            return source < 0 ? "" : text.substring(0, source);
        }

        long line(long position) {
            return tree.getLineMap().getLineNumber(position);
        }

        List<String> lines() {
            try {
                return Files.readAllLines(root.resolve(path), StandardCharsets.UTF_8);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private Sources() {}

    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("jms-provider")) || !Files.exists(folder.resolve("pom.xml"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    static List<Source> read() throws IOException {
        Path root = root();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> path.toString().contains("/src/")
                            && !root.relativize(path).toString().contains("target/"))
                    .sorted()
                    .toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            List<Source> sources = new ArrayList<>();
            for (CompilationUnitTree tree : task.parse()) {
                Path path = root.relativize(Path.of(tree.getSourceFile().toUri()));
                sources.add(new Source(root, path, tree, positions));
            }
            return sources;
        }
    }
}
