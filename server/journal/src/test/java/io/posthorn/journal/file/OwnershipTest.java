package io.posthorn.journal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.JournalException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may open a folder, and which folder can be opened. */
class OwnershipTest {

    @TempDir
    Path folder;

    @Test
    void shouldRefuseASecondOwnerInTheSameProcessAndNameTheFirst() throws Exception {
        try (Owner owner = new Owner(folder)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertRefused(
                        folder,
                        Kind.LOCKED,
                        folder.toRealPath().toString(),
                        "process " + ProcessHandle.current().pid());
            }
            owner.put("still the owner");
            assertThat(Appender.start(folder).readLine()).contains("LOCKED");
        }
        new Owner(folder).close();
    }

    @Test
    void shouldRefuseASecondProcessAndNameTheFirst() throws Exception {
        try (Appender appender = Appender.start(folder)) {
            assertThat(appender.readLine()).startsWith("open");
            assertRefused(folder, Kind.LOCKED, "process " + appender.pid() + " on host ", ", started at ");
        }
        new Owner(folder).close();
    }

    @Test
    void shouldOpenALinkToAFolderAsTheSameFolder() throws Exception {
        Path link = folder.resolve("link");
        Path real = Files.createDirectory(folder.resolve("real"));
        Files.createSymbolicLink(link, real);
        try (Owner owner = new Owner(real)) {
            assertThat(owner.journal.epoch()).isEqualTo(1);
            assertRefused(link, Kind.LOCKED, "real");
        }
    }

    @Test
    void shouldRefuseAFolderThatCannotBeCreated() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused(file, Kind.UNUSABLE, file.toString(), "another folder");
        assertRefused(
                file.resolve("below"), Kind.UNUSABLE, file.resolve("below").toString(), "another folder");
    }

    @Test
    void shouldRefuseAFolderThatCannotBeWritten() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(closed), "this user may write everywhere");
        assertRefused(closed, Kind.UNUSABLE, closed.toString(), "the right to write");
    }

    @Test
    void shouldRefuseAFolderWhoseLockCannotBeWritten() throws Exception {
        Files.createDirectory(folder.resolve("lock"));
        assertRefused(folder, Kind.UNUSABLE, folder.toString(), "lock");
    }

    private static void assertRefused(Path folder, Kind kind, String... texts) {
        assertThatThrownBy(() -> FileJournal.open(folder, Owner.SETTINGS))
                .isInstanceOfSatisfying(
                        JournalException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContainingAll(texts);
    }
}
