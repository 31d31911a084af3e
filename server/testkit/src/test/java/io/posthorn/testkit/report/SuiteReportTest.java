package io.posthorn.testkit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteReportTest {
    @TempDir
    Path folder;

    private Path report;

    @BeforeEach
    void nameTheReport() {
        report = folder.resolve("out/report.md");
    }

    @Test
    void shouldPassWhenExactlyTheExpectedTestsRanAndPassed() throws IOException {
        surefireWrote(
                "a.OneIT",
                "<testcase name='x' classname='a.OneIT' time='1.5'/><testcase name='y' classname='a.OneIT' time='0.25'/>");
        surefireWrote("b.TwoIT", "<testcase name='z' classname='b.TwoIT' time='1,000.5'/>");

        assertThatCode(() -> write("3")).doesNotThrowAnyException();

        assertThat(report)
                .content()
                .contains("Suite 1.0: 3 of 3 ran, 3 passed, 0 failed, 0 skipped, 1002 s in tests.")
                .contains("- over tcp")
                .contains("| a.OneIT | 2 | 2 | 0 | 0 | 1.8 |")
                .contains("| b.TwoIT | 1 | 1 | 0 | 0 | 1000.5 |")
                .doesNotContain("## Failed");
    }

    @Test
    void shouldFailWhenATestDidNotRun() throws IOException {
        surefireWrote("a.OneIT", "<testcase name='x' classname='a.OneIT' time='1'/>");

        assertThatThrownBy(() -> write("2"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 of 2 ran");
    }

    @Test
    void shouldFailWhenNothingRanAtAll() {
        assertThatThrownBy(() -> write("196"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0 of 196 ran");
    }

    @Test
    void shouldListWhatFailedAndStillWriteTheReport() throws IOException {
        surefireWrote(
                "a.OneIT",
                "<testcase name='x' classname='a.OneIT' time='1'><failure message='wrong&#10;text' type='T'>trace</failure></testcase>"
                        + "<testcase name='y' classname='a.OneIT' time='1'><error type='java.lang.Oops'>trace&#10;Caused by: Wrapper&#10;Caused by: Root: why&#10;	at x</error></testcase>");

        assertThatThrownBy(() -> write("2")).hasMessageContaining("2 of 2 ran, 0 passed, 2 failed");

        assertThat(report)
                .content()
                .contains("| a.OneIT | 2 | 0 | 2 | 0 | 2.0 |")
                .contains("- a.OneIT.x: wrong\n")
                .contains("- a.OneIT.y: java.lang.Oops (Root: why)\n");
    }

    @Test
    void shouldNotCountASkippedTestAsRun() throws IOException {
        surefireWrote(
                "a.OneIT",
                "<testcase name='x' classname='a.OneIT' time='1'/><testcase name='y' classname='a.OneIT' time='0'><skipped/></testcase>");

        assertThatThrownBy(() -> write("2")).hasMessageContaining("1 of 2 ran, 1 passed, 0 failed, 1 skipped");
    }

    @Test
    void shouldNameTheFileThatIsNoXml() throws IOException {
        Files.writeString(folder.resolve("TEST-broken.xml"), "<testsuite><testcase");

        assertThatThrownBy(() -> write("1")).isInstanceOf(IOException.class).hasMessageContaining("TEST-broken.xml");
    }

    private void surefireWrote(String name, String cases) throws IOException {
        Files.writeString(
                folder.resolve("TEST-" + name + ".xml"),
                "<?xml version='1.0' encoding='UTF-8'?><testsuite name='" + name + "'><properties/>" + cases
                        + "</testsuite>");
    }

    private void write(String expected) throws IOException {
        SuiteReport.main(new String[] {"Suite 1.0", folder.toString(), expected, report.toString(), "over tcp"});
    }
}
