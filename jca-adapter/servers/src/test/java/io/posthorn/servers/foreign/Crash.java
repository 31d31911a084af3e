package io.posthorn.servers.foreign;

import static org.awaitility.Awaitility.await;

import io.posthorn.servers.rig.ForeignBroker;
import io.posthorn.servers.rig.Rig;
import java.time.Duration;
import org.awaitility.Awaitility;

/** The server killed with {@code kill -9} when both brokers of a transaction are prepared, it is decided, and no commit has arrived. */
final class Crash {

    private static final Duration HELD_WITHIN = Duration.ofSeconds(60);
    private static final String APPLICATION = "foreign.war";

    private final Rig rig;
    private final ForeignBroker first;
    private final ForeignBroker second;

    Crash(Rig rig) {
        this.rig = rig;
        first = rig.foreign().first();
        second = rig.foreign().second();
    }

    /** Sends to both brokers in one transaction, kills the server in the midst of its commit, and starts it again. */
    void inTheMidstOfTheCommitOf(String text) {
        first.holdCommits();
        second.holdCommits();
        var unanswered = rig.server().http().ask("/foreign/send", "text", text);
        await().atMost(HELD_WITHIN).until(() -> {
            if (unanswered.isDone()) {
                throw new IllegalStateException(
                        "The transaction ended: " + unanswered.join().body());
            }
            return first.isHeld() || second.isHeld();
        });
        rig.server().kill();
        first.release();
        second.release();
        rig.server().start();
        rig.server().awaitApplication(APPLICATION);
    }

    int inDoubtCount() {
        return first.inDoubtCount() + second.inDoubtCount();
    }

    /** Waits as long as this to see that nothing changes. */
    void assertInDoubtDuring(int count, Duration time) {
        Awaitility.await()
                .pollInterval(Duration.ofSeconds(1))
                .during(time)
                .atMost(time.plusSeconds(10))
                .until(() -> inDoubtCount() == count);
    }
}
