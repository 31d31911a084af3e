package io.posthorn.ra.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.ra.harness.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process of the container is killed with -9 while a message-driven bean's transaction ends; another one recovers. */
class CrashTest {

    private static final int LIFE_S = 60;

    @TempDir
    Path folder;

    private void killWhenItHangs(Child.Task task, Node node) throws Exception {
        Process child = Child.start(task, node.url(), folder);
        try {
            await().atMost(Duration.ofSeconds(LIFE_S))
                    .failFast("the child ended; see its log", () -> !child.isAlive())
                    .until(() -> Files.exists(folder.resolve("reached")));
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.waitFor(LIFE_S, TimeUnit.SECONDS)).isTrue();
    }

    private void recover(Node node) throws Exception {
        Process child = Child.start(Child.Task.RECOVER, node.url(), folder);
        assertThat(child.waitFor(LIFE_S, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isZero();
    }

    @Test
    void shouldCommitAfterTheContainerWasKilledBetweenPrepareAndCommit(@TempDir Path home) throws Exception {
        try (Node node = Node.start(home)) {
            node.send("in", "job");
            killWhenItHangs(Child.Task.HANG_IN_COMMIT, node);
            assertThat(node.drain("out")).isEmpty();
            node.kill();
            node.restart();
            recover(node);
            assertThat(node.drain("out")).containsExactly("job done");
            assertThat(node.drain("in")).isEmpty();
        }
    }

    @Test
    void shouldRollBackAfterTheContainerWasKilledBeforeItsDecision(@TempDir Path home) throws Exception {
        try (Node node = Node.start(home)) {
            node.send("in", "job");
            killWhenItHangs(Child.Task.HANG_IN_PREPARE, node);
            recover(node);
            assertThat(node.drain("out")).isEmpty();
            assertThat(node.next("in", 40_000)).isEqualTo("job");
        }
    }
}
