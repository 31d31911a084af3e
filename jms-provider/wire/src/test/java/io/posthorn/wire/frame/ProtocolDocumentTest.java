package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/protocol.md} repeats the tables of the code. */
class ProtocolDocumentTest {

    @Test
    void shouldListEveryFrameAndNoOther() throws IOException {
        List<String> expected = Arrays.stream(FrameType.values())
                .map(type -> row(
                        type.number(),
                        type.name(),
                        type.side(),
                        type.fields().isEmpty() ? "none" : "`" + type.fields() + "`",
                        type.since(),
                        type.purpose()))
                .toList();
        assertThat(String.join("\n", rowsUnder("## Frames"))).isEqualTo(String.join("\n", expected));
    }

    @Test
    void shouldListEveryErrorCodeAndNoOther() throws IOException {
        List<String> rows = rowsUnder("## Error codes");
        assertThat(rows).hasSameSizeAs(ErrorCode.values());
        for (int index = 0; index < rows.size(); index++) {
            ErrorCode code = ErrorCode.values()[index];
            assertThat(rows.get(index)).startsWith("| " + code.number() + " | " + code + " | ");
        }
    }

    @Test
    void shouldNameTheLimitsAndTheVersion() throws IOException {
        assertThat(document())
                .contains("| frame, until CONNECTED | " + Frame.LENGTH_MAX_HANDSHAKE + " bytes |")
                .contains("| frame, afterwards | what CONNECTED says; " + Frame.LENGTH_MAX_DEFAULT + " bytes")
                .contains("| name of a destination | " + Address.NAME_LENGTH_MAX + " UTF-16 units")
                .contains("| part of a branch id | " + BranchId.LENGTH_MAX + " bytes |")
                .contains("This is version " + Preface.VERSION + ".");
    }

    private static String row(Object... cells) {
        return "| "
                + String.join(" | ", Arrays.stream(cells).map(Object::toString).toList()) + " |";
    }

    /** The rows of the first table under a heading, without its two rows of heading. */
    private static List<String> rowsUnder(String heading) throws IOException {
        return document()
                .lines()
                .dropWhile(line -> !line.equals(heading))
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    private static String document() throws IOException {
        Path start = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            Path document = folder.resolve("docs").resolve("protocol.md");
            if (Files.exists(document)) {
                return Files.readString(document);
            }
        }
        throw new AssertionError("no docs/protocol.md in " + start + " or above");
    }
}
