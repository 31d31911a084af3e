package io.posthorn.servers.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.servers.Applications;
import io.posthorn.servers.rig.Rig;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * TomEE recovers no transactions, whoever's adapter it has. When this fails since TomEE has learnt it, {@code TomEe.withoutRecovery} has to
 * go.
 */
@ExtendWith(ArquillianExtension.class)
class NoRecoveryIT {

    private static final Duration LEFT_ALONE = Duration.ofSeconds(60);
    private static final int BROKERS = 2;
    private static final long SOON_MS = 10_000;

    @ArquillianResource
    private Rig rig;

    @Deployment(testable = false)
    static Archive<?> application() {
        return Applications.foreign();
    }

    @Test
    void shouldLeaveInDoubtWhatWasDecidedBeforeTheServerWasKilled() {
        Crash crash = new Crash(rig);
        crash.inTheMidstOfTheCommitOf("decided");
        crash.assertInDoubtDuring(BROKERS, LEFT_ALONE);
        // The branches are whole: it was the server's turn.
        rig.foreign().first().commitInDoubt();
        rig.foreign().second().commitInDoubt();
        assertThat(rig.foreign().first().receive("out", SOON_MS)).isEqualTo("decided");
        assertThat(rig.foreign().second().receive("out", SOON_MS)).isEqualTo("decided");
        assertThat(crash.inDoubtCount()).isZero();
    }
}
