package io.posthorn.javax.made;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RenamingTest {
    @Test
    void shouldHaveEveryFileOfTheClientUnderItsNewName() {
        assertThat(MadeFiles.below(MadeFiles.CLASSES)).isEqualTo(renamed(MadeFiles.CLASSES_OF_CLIENT));
        assertThat(MadeFiles.below(MadeFiles.SOURCES)).isEqualTo(renamed(MadeFiles.SOURCES_OF_CLIENT));
    }

    @Test
    void shouldKeepNoOldNameInSourcesAndTexts() {
        assertNoOldName(MadeFiles.SOURCES, ".java");
        assertNoOldName(MadeFiles.CLASSES, ".properties");
    }

    /** Names, types and strings. A generic method's old signature stays in the file, but nothing points to it: see below. */
    @Test
    void shouldKeepNoOldNameInClasses() throws IOException {
        for (String file : MadeFiles.below(MadeFiles.CLASSES)) {
            if (file.endsWith(".class")) {
                for (String text : new ClassFile(MadeFiles.bytes(MadeFiles.CLASSES, file)).texts()) {
                    assertThat(text.startsWith("<") ? "" : text)
                            .as(
                                    "%s (of a record, the build does not rename the components' types: make it a class)",
                                    file)
                            .doesNotContain("jakarta", "io/posthorn/jms", "io.posthorn.jms");
                }
            }
        }
    }

    @Test
    void shouldKeepNoOldNameInGenericSignatures() throws ClassNotFoundException {
        List<String> signatures = new ArrayList<>();
        for (String name : MadeFiles.classNames()) {
            Class<?> made = Class.forName(name);
            signatures.add(made.toGenericString());
            Stream.of(made.getGenericInterfaces()).map(Type::getTypeName).forEach(signatures::add);
            Stream.of(made.getDeclaredFields()).map(Field::toGenericString).forEach(signatures::add);
            Stream.of(made.getDeclaredMethods()).map(Method::toGenericString).forEach(signatures::add);
            Stream.of(made.getDeclaredConstructors())
                    .map(Constructor::toGenericString)
                    .forEach(signatures::add);
        }

        assertThat(signatures).isNotEmpty().noneMatch(text -> text.contains("jakarta"));
        assertThat(signatures).noneMatch(text -> text.contains("io.posthorn.jms"));
    }

    @Test
    void shouldLeaveTheTransactionInterfacesOfTheJdkAlone() throws Exception {
        ClassFile file =
                new ClassFile(MadeFiles.bytes(MadeFiles.CLASSES, "io/posthorn/javax/jms/xa/BranchResource.class"));

        assertThat(file.classes()).contains("javax.transaction.xa.XAResource", "javax.transaction.xa.Xid");
    }

    private static void assertNoOldName(Path folder, String ending) {
        List<String> files = MadeFiles.below(folder).stream()
                .filter(file -> file.endsWith(ending))
                .toList();
        assertThat(files).isNotEmpty();
        for (String file : files) {
            assertThat(new String(MadeFiles.bytes(folder, file), StandardCharsets.UTF_8))
                    .as(file)
                    .doesNotContain("jakarta", "io/posthorn/jms", "io.posthorn.jms");
        }
    }

    private static List<String> renamed(Path folder) {
        return MadeFiles.below(folder).stream()
                .map(file -> file.replace("io/posthorn/jms/", "io/posthorn/javax/jms/"))
                .sorted()
                .toList();
    }
}
