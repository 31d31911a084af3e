package io.posthorn.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.server.PosthornServer;
import io.posthorn.server.StartException;
import io.posthorn.server.config.SettingsLoader;
import io.posthorn.server.config.UserEntry;
import io.posthorn.server.security.UsersFile;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    @Test
    void shouldExplainItselfWithoutACommand() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("run", "user", "check-config", "--version");
    }

    @Test
    void shouldPrintHelpAndVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("posthorn ");
        assertThat(run("run", "--help")).isZero();
        assertThat(out.toString()).contains("--data", "--port", "--host", "--config", "--port-file", "--set");
    }

    @Test
    void shouldNameTheOptionThatItDoesNotKnow() {
        assertThat(run("run", "--prot", "1")).isEqualTo(2);
        assertThat(err.toString()).contains("--prot", "--port");
    }

    @Test
    void shouldAddListAndRemoveUsers() throws Exception {
        String data = folder.resolve("data").toString();
        assertThat(run("user", "add", "alice", "--data", data)).isZero();
        assertThat(out.toString()).contains("Added user 'alice'", "Password: ");
        assertThat(new UsersFile(folder.resolve("data")).read())
                .extracting(UserEntry::name)
                .containsExactly("alice");
        assertThat(run("user", "list", "--data", data)).isZero();
        assertThat(out.toString()).endsWith("alice" + System.lineSeparator());
        assertThat(run("user", "remove", "alice", "--data", data)).isZero();
        assertThat(run("user", "remove", "alice", "--data", data)).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("posthorn: there is no user 'alice'")
                .hasLineCount(1);
    }

    @Test
    void shouldReadAPasswordFromTheInputAndNotPrintIt() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("wonderland\n".getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(run("user", "add", "alice", "--password-stdin", "--data", folder.toString()))
                    .isZero();
        } finally {
            System.setIn(before);
        }
        assertThat(out.toString()).contains("Added user 'alice'").doesNotContain("wonderland", "Password");
    }

    @Test
    void shouldRefuseNamesThatMeanSomethingElse() {
        assertThat(run("user", "add", "anonymous", "--data", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("'anonymous' cannot be the name of a user");
    }

    @Test
    void shouldCheckAConfiguration() throws Exception {
        Path good = Files.writeString(folder.resolve("good.yaml"), "listen.port: 9\n");
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "listen.prot: 9\n");
        String data = folder.toString();
        assertThat(run("check-config", "--config", good.toString(), "--data", data))
                .isZero();
        assertThat(out.toString()).contains("127.0.0.1:9", "The configuration is valid.");
        assertThat(run("check-config", "--config", bad.toString())).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("posthorn: " + bad + ":1: unknown key 'listen.prot'; did you mean 'listen.port'?"
                        + System.lineSeparator());
        assertThat(run("check-config", "--set", "heartbeat=soon")).isEqualTo(1);
        assertThat(err.toString()).contains("--set heartbeat");
    }

    @Test
    void shouldReadPlainRunCommandsWithoutTheLibraryAndTheSameWay() {
        String[] plain = {
            "run", "--data", "d", "--port=0", "--host", "h", "--config", "c", "--port-file", "p", "--set", "a=b=c"
        };
        RunCommand quick = QuickStart.parse(plain).orElseThrow();
        RunCommand slow = (RunCommand)
                Main.commandLine().parseArgs(plain).subcommand().commandSpec().userObject();
        for (RunCommand command : new RunCommand[] {quick, slow}) {
            assertThat(command.settings.data).isEqualTo("d");
            assertThat(command.port).isEqualTo("0");
            assertThat(command.host).isEqualTo("h");
            assertThat(command.settings.config).isEqualTo(Path.of("c"));
            assertThat(command.portFile).isEqualTo(Path.of("p"));
            assertThat(command.settings.settings).containsEntry("a", "b=c").hasSize(1);
        }
    }

    @Test
    void shouldLeaveWhatIsNotPlainToTheLibrary() {
        for (String[] arguments : new String[][] {
            {},
            {"user"},
            {"run", "--help"},
            {"run", "--port"},
            {"run", "--port", "--host"},
            {"run", "--prot", "1"},
            {"run", "extra"},
            {"run", "--set", "novalue"},
            {"run", "--data="}
        }) {
            assertThat(QuickStart.parse(arguments)).isEmpty();
        }
        assertThat(QuickStart.parse(new String[] {"run"})).isPresent();
    }

    @Test
    void shouldCheckAndRepairAJournal() throws Exception {
        Path data = folder.resolve("data");
        try (PosthornServer server = server(data)) {
            assertThat(run("journal", "check", "--data", data.toString())).isEqualTo(1);
            assertThat(err.toString())
                    .contains("in use by", "process " + ProcessHandle.current().pid());
            assertThat(server.port()).isPositive();
        }
        assertThat(run("journal", "check", "--data", data.toString())).isZero();
        assertThat(out.toString()).contains("The journal is whole.");
        Path control = data.resolve("journal/journal.properties");
        byte[] bytes = Files.readAllBytes(control);
        bytes[bytes.length / 2] ^= 1;
        Files.write(control, bytes);
        assertThatThrownBy(() -> server(data))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("posthorn journal repair --data " + data.resolve("journal"));
        assertThat(run("journal", "check", "--data", data.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("journal.properties", "The journal is damaged.");
        assertThat(run("journal", "repair", "--data", data.resolve("journal").toString()))
                .isZero();
        assertThat(out.toString()).contains("kept aside: ", "Repaired");
        try (PosthornServer server = server(data)) {
            assertThat(server.port()).isPositive();
        }
        assertThat(run("journal", "repair", "--data", data.toString())).isZero();
        assertThat(out.toString()).contains("nothing was changed");
    }

    private static PosthornServer server(Path data) throws Exception {
        return PosthornServer.start(new SettingsLoader()
                .set("data", data.toString(), "test")
                .set("listen.port", "0", "test")
                .set("journal.segment-bytes", "1MiB", "test")
                .load());
    }

    @Test
    void shouldSayWhenThereIsNoJournal() {
        assertThat(run("journal", "check", "--data", folder.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no journal in", "--data DIR");
        assertThat(run("journal")).isEqualTo(2);
    }
}
