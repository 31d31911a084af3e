package io.posthorn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.broker.Login;
import io.posthorn.gateway.login.AuthenticationException;
import io.posthorn.gateway.login.Authenticator;
import io.posthorn.gateway.login.Doorkeeper;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoginTest {

    /** Knows one user, and can be made to think for as long as the test wants. */
    private static final class OneUser implements Authenticator {

        private final CountDownLatch thinking = new CountDownLatch(1);
        private volatile boolean slow;
        private volatile String askedOn;

        @Override
        public Login authenticate(String user, String password) throws AuthenticationException {
            askedOn = Thread.currentThread().getName();
            if (slow) {
                try {
                    thinking.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            if ("broken".equals(user)) {
                throw new IllegalStateException("out of order");
            }
            if (!"alice".equals(user) || !"right".equals(password)) {
                throw new AuthenticationException("user name or password is wrong");
            }
            return new Login(user, Login.Permissions.ALL);
        }

        @Override
        public Optional<Login> recall(String user, String password) {
            return "known".equals(user) ? Optional.of(new Login(user, Login.Permissions.ALL)) : Optional.empty();
        }
    }

    private final OneUser users = new OneUser();

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldLetInWhoIsKnownToTheAuthenticator(int threads) throws Exception {
        try (TestGateway gateway = TestGateway.start(threads, users);
                Peer peer = login(gateway, "alice", "right")) {
            assertThat(peer.receive()).isInstanceOf(ServerFrame.Connected.class);
            peer.proveAlive(1);
            assertThat(users.askedOn).isEqualTo("posthorn-login");
        }
    }

    @Test
    void shouldRefuseWrongCredentialsAfterAWhileAndLogOnce() throws Exception {
        try (TestGateway gateway = TestGateway.start(1, users);
                LogLines log = new LogLines()) {
            for (int attempt = 0; attempt < 3; attempt++) {
                long startNs = System.nanoTime();
                try (Peer peer = login(gateway, "alice\nforged line", "wrong")) {
                    assertThat(peer.receive())
                            .isEqualTo(new ServerFrame.Refused(ErrorCode.SECURITY, "user name or password is wrong"));
                    assertThat(peer.receive()).isNull();
                    assertThat(System.nanoTime() - startNs)
                            .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(Doorkeeper.REFUSAL_DELAY_MS));
                }
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("127.0.0.1")
                    .doesNotContain("\n", "wrong'");
        }
    }

    @Test
    void shouldServeOthersWhileACheckTakesLong() throws Exception {
        users.slow = true;
        try (TestGateway gateway = TestGateway.start(1, users);
                Peer waiting = login(gateway, "alice", "right");
                Peer other = login(gateway, "known", "")) {
            assertThat(other.receive()).isInstanceOf(ServerFrame.Connected.class);
            for (int command = 1; command <= 50; command++) {
                other.proveAlive(command);
            }
            users.thinking.countDown();
            assertThat(waiting.receive()).isInstanceOf(ServerFrame.Connected.class);
        }
    }

    @Test
    void shouldSurviveAPeerThatLeavesDuringTheCheck() throws Exception {
        users.slow = true;
        try (TestGateway gateway = TestGateway.start(1, users);
                Peer other = login(gateway, "known", "")) {
            assertThat(other.receive()).isInstanceOf(ServerFrame.Connected.class);
            login(gateway, "alice", "right").close();
            users.thinking.countDown();
            other.proveAlive(1);
        }
    }

    @Test
    void shouldRefuseWhenTheCheckItselfFails() throws Exception {
        try (TestGateway gateway = TestGateway.start(1, users);
                Peer peer = login(gateway, "broken", "")) {
            assertThat(((ServerFrame.Refused) peer.receive()).code()).isEqualTo(ErrorCode.INTERNAL);
        }
    }

    private static Peer login(TestGateway gateway, String user, String password) throws Exception {
        Peer peer = Peer.open(gateway.address());
        peer.sendPreface();
        peer.send(Peer.connectFrame(user, password, 0));
        return peer;
    }
}
