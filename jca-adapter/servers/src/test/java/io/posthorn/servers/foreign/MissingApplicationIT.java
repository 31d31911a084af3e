package io.posthorn.servers.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.servers.Applications;
import io.posthorn.servers.rig.Rig;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Open Liberty decides no transaction while an application is missing that defined a factory named in its log, whoever's adapter it is. The
 * profile lets it try every 10 s in place of every minute.
 */
@ExtendWith(ArquillianExtension.class)
class MissingApplicationIT {

    private static final String DEFINING = "defining";
    private static final int BROKERS = 2;
    private static final Duration LEFT_ALONE = Duration.ofSeconds(60);
    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(60);
    private static final long SOON_MS = 10_000;

    @ArquillianResource
    private Rig rig;

    @ArquillianResource
    private Deployer deployer;

    @Deployment(testable = false, order = 1)
    static Archive<?> application() {
        return Applications.foreign();
    }

    @Deployment(name = DEFINING, testable = false, managed = false)
    static Archive<?> defining() {
        return Applications.defining();
    }

    @Test
    void shouldRecoverOnlyOnceTheApplicationIsBackWhoseFactoryIsInItsLog() {
        Crash crash = new Crash(rig);
        crash.inTheMidstOfTheCommitOf("before");
        awaitRecovered(crash, "before");

        deployer.deploy(DEFINING);
        assertThat(rig.server().http().get("/defining/send", "text", "defined")).isEqualTo("done");
        assertReceived("defined");
        deployer.undeploy(DEFINING);
        crash.inTheMidstOfTheCommitOf("after");
        crash.assertInDoubtDuring(BROKERS, LEFT_ALONE);

        deployer.deploy(DEFINING);
        awaitRecovered(crash, "after");
    }

    private void awaitRecovered(Crash crash, String text) {
        await().atMost(RECOVERED_WITHIN).until(() -> crash.inDoubtCount() == 0);
        assertReceived(text);
    }

    private void assertReceived(String text) {
        assertThat(rig.foreign().first().receive("out", SOON_MS)).isEqualTo(text);
        assertThat(rig.foreign().second().receive("out", SOON_MS)).isEqualTo(text);
    }
}
