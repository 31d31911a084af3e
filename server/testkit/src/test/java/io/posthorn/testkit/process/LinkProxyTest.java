package io.posthorn.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LinkProxyTest {

    private static final int ENDED = -1;

    private ServerSocket server;
    private LinkProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        proxy = new LinkProxy(server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private Socket connect() throws IOException {
        return new Socket(
                InetAddress.getLoopbackAddress(), URI.create(proxy.url()).getPort());
    }

    /** What comes next, or that nothing more will. */
    private static int read(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            return ENDED;
        }
    }

    private static void assertLinked(Socket client, Socket peer) throws IOException {
        client.getOutputStream().write(1);
        assertThat(read(peer)).isEqualTo(1);
        peer.getOutputStream().write(2);
        assertThat(read(client)).isEqualTo(2);
    }

    @Test
    void shouldLetNewLinksThroughAfterACut() throws IOException {
        try (Socket client = connect();
                Socket peer = server.accept()) {
            assertLinked(client, peer);

            proxy.cut();

            assertThat(read(client)).isEqualTo(ENDED);
            assertThat(read(peer)).isEqualTo(ENDED);
        }
        try (Socket client = connect();
                Socket peer = server.accept()) {
            assertLinked(client, peer);
        }
    }

    @Test
    void shouldRefuseNewLinksOnceTornUntilToldOtherwise() throws IOException {
        try (Socket client = connect();
                Socket peer = server.accept()) {
            assertLinked(client, peer);

            proxy.tear();

            assertThat(read(client)).isEqualTo(ENDED);
            assertThat(read(peer)).isEqualTo(ENDED);
        }
        try (Socket refused = connect()) {
            assertThat(read(refused)).isEqualTo(ENDED);
        }
        proxy.refuse(false);
        try (Socket client = connect();
                Socket peer = server.accept()) {
            assertLinked(client, peer);
        }
    }
}
