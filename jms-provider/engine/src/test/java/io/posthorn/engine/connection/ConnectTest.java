package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first link, the end, and the connection's own requests. */
class ConnectTest {

    private final World world = new World(2);

    @Test
    void shouldGreetWithWhoItIs() throws Exception {
        ResumingConnection connection = world.connect(new ResumingConnection.Login("ann", "secret", "client-1"));

        ClientFrame.Connect greeting =
                world.server.frames(ClientFrame.Connect.class).get(0);
        assertThat(greeting.user()).isEqualTo("ann");
        assertThat(greeting.password()).isEqualTo("secret");
        assertThat(greeting.clientId()).isEqualTo("client-1");
        assertThat(greeting.knownRun()).isZero();
        assertThat(greeting.connection()).isEqualTo(connection.id());
        assertThat(connection.serverId()).isEqualTo(world.server.serverId);
        assertThat(connection.serverProduct()).isEqualTo("model 1");
        assertThat(connection.messageLengthMax()).isEqualTo(1 << 20);
        assertThat(world.transport.limitsSeen).isEqualTo(1 << 20);
        assertThat(new ResumingConnection.Login("ann", "secret", null).toString())
                .doesNotContain("secret");
    }

    @Test
    void shouldTryTheNextAddressWhenOneRefuses() throws Exception {
        world.transport.refusing.add(0);

        world.connect();

        assertThat(world.transport.attempts).containsExactly(0, 1);
    }

    @Test
    void shouldTryTheNextAddressWhenOneDoesNotAnswer() throws Exception {
        world.transport.silent.add(0);

        world.connect();

        assertThat(world.transport.attempts).containsExactly(0, 1);
    }

    @Test
    void shouldNameEachAddressWhenNobodyListens() {
        world.transport.refusing.add(0);
        world.transport.silent.add(1);

        assertThatThrownBy(world::connect)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("tcp://host0:7660: connection refused")
                .hasMessageContaining("tcp://host1:7660: no answer within 10000 ms (connectTimeout)")
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.CONNECTION_LOST);
        assertThat(world.transport.attempts).containsExactly(0, 1);
        assertThat(world.transport.released).isTrue();
    }

    @Test
    void shouldNotTryOtherAddressesWithWrongCredentials() {
        world.server.refuse = ErrorCode.SECURITY;

        assertThatThrownBy(world::connect)
                .hasMessageContaining("refused by the test")
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.SECURITY);
        assertThat(world.transport.attempts).containsExactly(0);
    }

    @Test
    void shouldKeepTheCodeWhenAllAddressesRefuseTheVersion() {
        world.server.refuse = ErrorCode.VERSION;

        assertThatThrownBy(world::connect)
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.VERSION);
        assertThat(world.transport.attempts).containsExactly(0, 1);
    }

    @Test
    void shouldUseAnIdentifierThatWasTakenOnTheNextLink() throws Exception {
        ResumingConnection connection = world.connect();

        connection.identify("client-2").await();
        assertThatThrownBy(() -> connection.identify("taken").await())
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.INVALID_CLIENT_ID);
        world.transport.link.breakDown();
        world.settle();

        assertThat(world.server.frames(ClientFrame.Connect.class))
                .extracting(ClientFrame.Connect::clientId)
                .containsExactly(null, "client-2");
    }

    @Test
    void shouldCloseInOrder() throws Exception {
        ResumingConnection connection = world.connect();
        connection.openSession();

        connection.close();
        connection.close();

        assertThat(world.server.frames)
                .extracting(frame -> frame.getClass().getSimpleName())
                .containsExactly("Connect", "OpenSession", "CloseSession", "Close");
        assertThat(world.transport.link.closed).isTrue();
        assertThat(world.transport.released).isTrue();
        assertThat(connection.isLost()).isFalse();
    }

    @Test
    void shouldCloseWithinItsTimeWhenNobodyAnswers() throws Exception {
        ResumingConnection connection = world.connect();
        world.server.listens = false;
        world.transport.link.breakDown();
        long beforeMs = world.transport.nowMs();

        connection.close();

        assertThat(world.transport.nowMs() - beforeMs).isBetween(5_000L, 5_001L);
        assertThat(world.transport.released).isTrue();
        int attempts = world.transport.attempts.size();
        world.pass(60_000);
        assertThat(world.transport.attempts).hasSize(attempts);
    }

    @Test
    void shouldRefuseEverythingOnceClosed() throws Exception {
        ResumingConnection connection = world.connect();
        var session = connection.openSession();
        connection.close();

        assertThatThrownBy(() -> session.send(Address.queue("a"), Messages.persistent("1"), false, true))
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.CLOSED);
        assertThatThrownBy(() -> session.commit().await())
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.CLOSED);
        assertThatThrownBy(() -> connection.unsubscribe("s").await())
                .hasMessageContaining("the connection is closed")
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.CLOSED);
        assertThatThrownBy(connection::recover)
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void shouldCloseFromTheEventLoopWithoutWaiting() throws Exception {
        ResumingConnection connection = world.connect();

        world.transport.inLoop(connection::close);
        world.settle();

        assertThat(world.transport.link.closed).isTrue();
        assertThat(world.transport.released).isTrue();
    }

    @Test
    void shouldEndWhenTheServerBreaksTheProtocol() throws Exception {
        ResumingConnection connection = world.connect();

        world.server.say(new ServerFrame.Confirmed(99));
        world.settle();

        assertThat(connection.isLost()).isTrue();
        assertThat(world.transport.link.closed).isTrue();
    }

    @Test
    void shouldFailACommandThatFitsIntoNoFrameAndGoOn() throws Exception {
        ResumingConnection connection = world.connect();

        assertThatThrownBy(() -> connection.unsubscribe("x".repeat(2000)).await())
                .hasMessageContaining("a frame that is too long")
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.RESOURCE_LIMIT);
        connection.unsubscribe("short").await();
    }

    @Test
    void shouldNotWaitOnTheEventLoop() throws Exception {
        ResumingConnection connection = world.connect();

        world.transport.inLoop(
                () -> assertThatThrownBy(() -> connection.unsubscribe("s").await())
                        .extracting(e -> ((EngineException) e).code())
                        .isEqualTo(ErrorCode.ILLEGAL_STATE));
    }

    @Test
    void shouldSayWhatItWaitedForWhenTheServerIsSilent() throws Exception {
        ResumingConnection connection = world.connect();
        world.server.autoSync = false;

        assertThatThrownBy(() -> connection.unsubscribe("s").await())
                .hasMessageContaining("waited for the end of subscription 's' since 2026-")
                .hasMessageContaining("for 30000 ms (requestTimeout)")
                .hasMessageContaining("connected to tcp://host0:7660")
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void shouldAskForBranchesAgainAfterABreak() throws Exception {
        ResumingConnection connection = world.connect();
        boolean[] broken = {false};
        world.whileWaiting = () -> {
            if (!broken[0]) {
                broken[0] = true;
                world.transport.runAll();
                world.transport.link.breakDown();
            }
        };

        assertThat(connection.recover()).isEqualTo(List.of());
        assertThat(world.server.frames(ClientFrame.Connect.class)).hasSize(2);
    }
}
