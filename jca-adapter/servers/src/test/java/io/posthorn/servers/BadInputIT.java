package io.posthorn.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.posthorn.servers.rig.Rig;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mistakes in applications, and what the server's log says of them. */
@ExtendWith(ArquillianExtension.class)
class BadInputIT {

    private static final Logger LOG = LoggerFactory.getLogger(BadInputIT.class);

    private static final String UNKNOWN_TYPE = "unknown-type";
    private static final String NO_DESTINATION = "no-destination";
    private static final String PACKAGE = "io.posthorn.servers.faulty.";
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final Duration WATCHED = Duration.ofSeconds(30);

    /** In that time the bean tries at once, after 5 to 10 s and then after 10 to 20 s; so does the server's recovery, however often it asks. */
    private static final int ATTEMPTS_MAX = 6;

    private static final long FIRST_PAUSE_MS = 100;

    /** Characters of a log, less than two of its stack traces. */
    private static final int NEAR = 10_000;

    @ArquillianResource
    private Rig rig;

    @ArquillianResource
    private Deployer deployer;

    @Deployment(testable = false, order = 1)
    static Archive<?> faulty() {
        return Applications.faulty();
    }

    @Deployment(name = UNKNOWN_TYPE, testable = false, managed = false)
    static Archive<?> unknownType() {
        return Applications.misconfigured(UNKNOWN_TYPE + ".war", "jakarta.jms.Queue", "Queues");
    }

    @Deployment(name = NO_DESTINATION, testable = false, managed = false)
    static Archive<?> noDestination() {
        return Applications.misconfigured(NO_DESTINATION + ".war", "destination", "clientId");
    }

    @Test
    void shouldDeployThoughABrokerIsAwayAndServeTheOtherBeans() {
        try (JMSContext jms = rig.connect()) {
            jms.createProducer().send(jms.createQueue("orders"), "any");
        }
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(rig.server().http().get("/faulty/served")).isEqualTo("[any]"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(complaintsOf("Unreachable")).hasSize(1));
    }

    @Test
    void shouldReportAWrongPasswordOnceAndTryAgainSeldom() {
        await().atMost(SOON).until(() -> !rig.watchedRelay().linkTimesNs().isEmpty());
        long firstNs = rig.watchedRelay().linkTimesNs().get(0);
        await().atMost(WATCHED.plus(SOON)).until(() -> System.nanoTime() - firstNs > WATCHED.toNanos());
        assertThat(rig.watchedRelay().linkTimesNs())
                .filteredOn(timeNs -> timeNs - firstNs <= WATCHED.toNanos())
                .hasSizeBetween(2, ATTEMPTS_MAX);
        assertThat(complaintsOf("Refused"))
                .hasSize(1)
                .allSatisfy(line -> assertThat(line)
                        .contains("user name or password is wrong")
                        .doesNotContain("guessed"));
    }

    @Test
    void shouldPauseEverLongerWhenABeanAlwaysFails() {
        try (JMSContext jms = rig.connect();
                JMSConsumer dead = jms.createConsumer(jms.createQueue("posthorn.dead-letters"))) {
            jms.createProducer().send(jms.createQueue("it.orders"), "any");
            await().atMost(SOON).until(() -> failures().length == Rig.DELIVERIES_MAX);
            assertThat(dead.receiveBody(String.class, SOON.toMillis())).isEqualTo("any");
        }
        long[] timesMs = failures();
        for (int index = 1; index < timesMs.length; index++) {
            assertThat(timesMs[index] - timesMs[index - 1])
                    .as("pause %s in ms", index)
                    .isGreaterThanOrEqualTo(FIRST_PAUSE_MS << (index - 1));
        }
    }

    private long[] failures() {
        String text = rig.server().http().get("/faulty/failures");
        return Arrays.stream(text.substring(1, text.length() - 1).split(", "))
                .filter(time -> !time.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
    }

    @Test
    void shouldNameTheBeanThePropertyAndWhatIsAcceptedWhenAValueIsWrong() {
        deploy(UNKNOWN_TYPE);
        assertComplaint("destinationType is 'Queues'; accepted: ");
    }

    @Test
    void shouldNameTheBeanAndThePropertiesWhenADestinationIsMissing() {
        deploy(NO_DESTINATION);
        assertComplaint(Rig.wordsOnAMissingDestination());
    }

    /** Some servers refuse the application, others only the bean. */
    private void deploy(String name) {
        Throwable refusal = catchThrowable(() -> deployer.deploy(name));
        LOG.info("{} is {}", name, refusal == null ? "deployed, without the bean" : "refused: " + refusal.getMessage());
        if (refusal == null) {
            deployer.undeploy(name);
        }
    }

    /** Some servers tell the adapter no name before they have asked it whether all is well, and then name the bean themselves. */
    private void assertComplaint(String text) {
        String log = rig.server().console();
        assertThat(log).contains(text);
        int at = log.indexOf(text);
        assertThat(log.substring(Math.max(0, at - NEAR), Math.min(log.length(), at + NEAR)))
                .as("the log around it")
                .contains("Picky");
    }

    private List<String> complaintsOf(String bean) {
        return rig.server()
                .console()
                .lines()
                .filter(line -> line.contains(PACKAGE + bean) && line.contains("is not connected"))
                .toList();
    }
}
