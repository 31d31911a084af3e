package io.posthorn.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.ServerUrl;
import io.posthorn.engine.transport.route.EmbeddedServers;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code vm://}. */
@Timeout(60)
class EmbeddedTransportTest {

    private FakeEmbeddedServer server;

    @BeforeEach
    void findServer() throws EngineException {
        server = (FakeEmbeddedServer) EmbeddedServers.find(getClass().getClassLoader());
    }

    @Test
    void shouldTalkToAServerInThisJvm() throws Exception {
        Transport transport = open("vm://talk?data=d&keep=true");
        RecordingListener listener = connect(transport);
        Link link = listener.awaitOpen();

        assertThat(transport.tryHere(link::beginHere)).as("past Netty").isFalse();
        transport.execute(() -> {
            link.send(new ClientFrame.Heartbeat());
            link.flush();
        });

        assertThat(listener.awaitFrame()).isEqualTo(new ServerFrame.Confirmed(1));
        listener.awaitBurstEnd();
        assertThat(server.options("talk")).isEqualTo(Map.of("data", "d", "keep", "true"));
        assertThat(transport.addressText(0)).isEqualTo("vm://talk");
        transport.release();
        assertThat(listener.awaitClosed().code()).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void shouldStopTheServerWithTheLastConnection() throws Exception {
        Transport first = open("vm://shared");
        Transport second = open("vm://shared");
        connect(first).awaitOpen();
        connect(second).awaitOpen();
        assertThat(server.uses("shared")).isEqualTo(2);

        first.release();
        assertThat(server.uses("shared")).isEqualTo(1);
        second.release();
        assertThat(server.uses("shared")).isZero();
    }

    @Test
    void shouldHoldOneUseOverReconnects() throws Exception {
        Transport transport = open("vm://again");
        for (int i = 0; i < 3; i++) {
            RecordingListener listener = connect(transport);
            Link link = listener.awaitOpen();
            transport.execute(link::close);
            listener.awaitClosed();
            assertThat(server.uses("again")).isEqualTo(1);
        }

        transport.release();
        transport.release();

        assertThat(server.uses("again")).isZero();
    }

    @Test
    void shouldReleaseFromItsEventLoopWithoutBlockingIt() throws Exception {
        Transport transport = open("vm://loop");
        RecordingListener listener = connect(transport);
        listener.awaitOpen();
        CompletableFuture<Void> released = new CompletableFuture<>();

        transport.execute(() -> {
            transport.release();
            released.complete(null);
        });

        released.get();
        assertThat(listener.awaitClosed().code()).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void shouldReleaseNothingThatWasNotAcquired() throws Exception {
        Transport transport = open("vm://unused");

        transport.release();

        assertThat(server.uses("unused")).isZero();
    }

    @Test
    void shouldPassOnWhyAServerDoesNotStart() throws Exception {
        Transport transport = open("vm://broken");

        EngineException cause = connect(transport).awaitClosed();

        assertThat(cause.code()).isEqualTo(ErrorCode.RESOURCE_LIMIT);
        assertThat(cause).hasMessage("does not start");
        transport.release();
    }

    @Test
    void shouldNameTheDependencyThatIsMissing() throws Exception {
        try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
            assertThatThrownBy(() -> EmbeddedServers.find(empty, empty))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("io.posthorn:posthorn-server");
        }
    }

    @Test
    void shouldFindOneInstanceWhoeverLooks() throws Exception {
        ClassLoader own = getClass().getClassLoader();
        try (URLClassLoader empty = new URLClassLoader(new URL[0], null);
                URLClassLoader child = new URLClassLoader(new URL[0], own)) {
            assertThat(EmbeddedServers.find(empty, own)).isSameAs(server);
            assertThat(EmbeddedServers.find(child, empty)).isSameAs(server);
        }
    }

    private static Transport open(String url) throws EngineException {
        return Transports.open(ServerUrl.parse(url));
    }

    private static RecordingListener connect(Transport transport) {
        RecordingListener listener = new RecordingListener(transport);
        transport.connect(0, listener);
        return listener;
    }
}
