package io.posthorn.tck.crashes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge sees what the harness is there for. */
class JudgeTest {

    @TempDir
    Path folder;

    private void write(Role role, String... lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append(" .\n");
        }
        Files.writeString(folder.resolve(role.diary()), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Judge judge() {
        return new Judge(folder);
    }

    @Test
    void shouldFindNothingWrongWithMessagesThatCameOnce() throws IOException {
        write(Role.PLAIN, "life", "send 1 1 1", "done 1", "send 2 2 1");
        write(Role.PLAIN_TAKER_1, "life", "got 1 PLAIN 1 1 false 1", "commit 1", "done 1");

        assertThat(judge().violations()).isEmpty();
        assertThat(judge().missing()).isEmpty();
    }

    @Test
    void shouldMissWhatWasConfirmed() throws IOException {
        write(Role.PLAIN, "life", "send 1 1 1", "done 1");
        write(Role.PLAIN_TAKER_1, "life", "got 1 PLAIN 1 1 false 1", "undo 1");

        assertThat(judge().missing())
                .singleElement()
                .asString()
                .contains("PLAIN 1")
                .contains("not finished");
    }

    @Test
    void shouldMissTheOtherHalfOfATransaction() throws IOException {
        write(Role.BATCH, "life", "stage 1 1 2", "commit 1", "life");
        write(Role.BATCH_RELAY, "life", "got 7 BATCH 1 1 false 1", "commit 7", "done 7");
        write(Role.BATCH_TAKER, "life", "got 1 BATCH 1 7 false 1", "commit 1", "done 1");

        assertThat(judge().missing())
                .singleElement()
                .asString()
                .contains("BATCH 2")
                .contains("came in part");
    }

    @Test
    void shouldObjectToWhatWasNotCommitted() throws IOException {
        write(Role.BATCH, "life", "stage 1 1 1", "undo 1", "stage 2 2 1");
        write(Role.BATCH_RELAY, "life", "got 1 BATCH 1 1 false 1", "undo 1", "got 2 BATCH 2 2 false 1", "undo 2");

        assertThat(judge().violations()).hasSize(2).allMatch(text -> text.contains("has not committed it"));
    }

    @Test
    void shouldObjectToWhatComesBack() throws IOException {
        write(Role.NEWS, "life", "send 1 1 1", "done 1");
        write(
                Role.NEWS_READER_1,
                "life",
                "got 1 NEWS 1 1 false 1",
                "commit 1",
                "done 1",
                "got 2 NEWS 1 1 true 2",
                "commit 2",
                "done 2");
        write(Role.NEWS_READER_2, "life", "got 1 NEWS 1 1 false 1", "commit 1", "done 1");

        assertThat(judge().violations())
                .hasSize(2)
                .anyMatch(text -> text.contains("which had finished it"))
                .anyMatch(text -> text.contains("finished 2 times"));
    }

    @Test
    void shouldObjectToARepeatWithoutTheFlag() throws IOException {
        write(Role.PLAIN, "life", "send 1 1 1", "done 1");
        write(Role.PLAIN_TAKER_1, "life", "got 1 PLAIN 1 1 false 1", "undo 1");
        write(Role.PLAIN_TAKER_2, "life", "got 1 PLAIN 1 1 false 1", "commit 1", "done 1");

        assertThat(judge().violations()).singleElement().asString().contains("without the flag");
    }

    @Test
    void shouldObjectToMessagesOutOfOrder() throws IOException {
        write(Role.FEED, "life", "send 1 1 1", "done 1", "send 2 2 1", "done 2");
        write(Role.FEED_RELAY, "life", "got 1 FEED 2 2 false 1", "prepare 1", "decide 1", "done 1");
        write(Role.FEED_RELAY, "got 2 FEED 1 1 false 1", "commit 2", "done 2");
        write(Role.FEED_TAKER, "life", "got 1 FEED 1 2 false 1", "got 1 FEED 2 1 false 1", "commit 1", "done 1");

        assertThat(judge().violations()).hasSize(2).allMatch(text -> text.contains(" after FEED "));
    }

    @Test
    void shouldHoldARelayInDoubtToBothItsSides() throws IOException {
        write(Role.BATCH, "life", "stage 1 1 1", "commit 1", "done 1");
        write(Role.BATCH_RELAY, "life", "got 7 BATCH 1 1 false 1", "commit 7", "life");
        assertThat(judge().missing()).as("taken, and not sent on").hasSize(1);

        write(Role.BATCH_TAKER, "life", "got 1 BATCH 1 7 false 1", "commit 1", "done 1");
        assertThat(judge().missing()).isEmpty();

        write(Role.BATCH_RELAY, "got 8 BATCH 1 1 true 2", "undo 8");
        assertThat(judge().violations()).as("sent on, and come again").hasSize(1);
    }

    @Test
    void shouldPassOverALineThatWasCutOff() throws IOException {
        write(Role.PLAIN, "life", "send 1 1 1", "done 1");
        Files.writeString(folder.resolve(Role.PLAIN.diary()), "send 2 2", StandardOpenOption.APPEND);
        Diary.open(folder.resolve(Role.PLAIN.diary())).write("send", 3, 3, 1);

        assertThat(Diary.read(folder.resolve(Role.PLAIN.diary())))
                .containsExactly("life", "send 1 1 1", "done 1", "send 3 3 1");
    }
}
