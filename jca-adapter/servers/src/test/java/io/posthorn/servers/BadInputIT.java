package io.posthorn.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.posthorn.servers.rig.Rig;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.TemporaryQueue;
import java.time.Duration;
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

    /** Of attempts with a wrong password: 5 to 10 s, then 10 to 20 s. */
    private static final Duration THIRD_ATTEMPT_WITHIN = Duration.ofSeconds(45);

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
            TemporaryQueue answers = jms.createTemporaryQueue();
            try (JMSConsumer consumer = jms.createConsumer(answers)) {
                jms.createProducer().setJMSReplyTo(answers).send(jms.createQueue("orders"), "any");
                assertThat(consumer.receiveBody(String.class, SOON.toMillis())).isEqualTo("answer to any");
            }
        }
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(complaintsOf("Unreachable")).hasSize(1));
    }

    @Test
    void shouldReportAWrongPasswordOnceAndTryAgainEverMoreSeldom() {
        await().atMost(THIRD_ATTEMPT_WITHIN)
                .until(() -> rig.watchedRelay().linkTimesNs().size() >= 3);
        List<Long> times = rig.watchedRelay().linkTimesNs();
        Duration firstWait = Duration.ofNanos(times.get(1) - times.get(0));
        Duration secondWait = Duration.ofNanos(times.get(2) - times.get(1));
        assertThat(firstWait).isGreaterThan(Duration.ofMillis(4_500));
        assertThat(secondWait).isGreaterThan(Duration.ofMillis(9_500));
        assertThat(complaintsOf("Refused"))
                .hasSize(1)
                .allSatisfy(line -> assertThat(line).contains("app").doesNotContain("guessed"));
    }

    @Test
    void shouldNameTheBeanThePropertyAndWhatIsAcceptedWhenAValueIsWrong() {
        deploy(UNKNOWN_TYPE);
        assertComplaint("destinationType is 'Queues'; accepted: ");
    }

    @Test
    void shouldNameTheBeanAndThePropertiesWhenADestinationIsMissing() {
        deploy(NO_DESTINATION);
        assertComplaint("neither destination nor destinationLookup is set; set destinationLookup to the JNDI name");
    }

    /** Some servers refuse the application, others only the bean. */
    private void deploy(String name) {
        Throwable refusal = catchThrowable(() -> deployer.deploy(name));
        LOG.info("{} is {}", name, refusal == null ? "deployed, without the bean" : "refused: " + refusal.getMessage());
        if (refusal == null) {
            deployer.undeploy(name);
        }
    }

    private void assertComplaint(String text) {
        assertThat(rig.server().console().lines())
                .as("lines of the server's log")
                .anySatisfy(line -> assertThat(line).contains("io.posthorn.servers.misconfigured.Picky", text));
    }

    private List<String> complaintsOf(String bean) {
        return rig.server()
                .console()
                .lines()
                .filter(line -> line.contains(PACKAGE + bean) && line.contains("is not connected"))
                .toList();
    }
}
