package io.posthorn.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.Frame;
import io.posthorn.wire.frame.FrameDecoder;
import io.posthorn.wire.frame.FrameEncoder;
import io.posthorn.wire.frame.FrameType;
import io.posthorn.wire.frame.Preface;
import io.posthorn.wire.frame.ServerFrame;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.UUID;

/** A client without any cleverness on a real socket: sends what it is told to, bytes or frames, and waits for answers. */
final class Peer implements AutoCloseable {

    private static final int TIMEOUT_MS = 10_000;

    private final Socket socket;
    private final FrameEncoder encoder = new FrameEncoder();
    private final FrameDecoder decoder = new FrameDecoder(FrameType.Side.SERVER, 1 << 20);
    private final ByteBuf received = Unpooled.buffer();
    private boolean prefaceSeen;

    Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
    }

    static Peer open(SocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", ((InetSocketAddress) address).getPort()), TIMEOUT_MS);
        return new Peer(socket);
    }

    /** A peer that is connected as a client should be. */
    static Peer connected(SocketAddress address) throws IOException {
        Peer peer = open(address);
        peer.connect(0);
        return peer;
    }

    ServerFrame.Connected connect(long heartbeatMs) throws IOException {
        sendPreface();
        send(connectFrame("somebody", "secret", heartbeatMs));
        return (ServerFrame.Connected) receive();
    }

    static ClientFrame.Connect connectFrame(String user, String password, long heartbeatMs) {
        return new ClientFrame.Connect(UUID.randomUUID(), null, user, password, heartbeatMs, 0, 0, "test");
    }

    static byte[] prefaceBytes() {
        ByteBuf bytes = Unpooled.buffer();
        Preface.write(bytes);
        return drain(bytes);
    }

    byte[] encoded(ClientFrame frame) {
        ByteBuf bytes = Unpooled.buffer();
        encoder.encode(frame, bytes);
        return drain(bytes);
    }

    private static byte[] drain(ByteBuf bytes) {
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        return copy;
    }

    void sendPreface() throws IOException {
        sendBytes(prefaceBytes());
    }

    void send(ClientFrame frame) throws IOException {
        sendBytes(encoded(frame));
    }

    void sendBytes(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The next frame, after the preface; null at the end of the stream. */
    ServerFrame receive() throws IOException {
        while (true) {
            if (!prefaceSeen && Preface.read(received).outcome() == Preface.Outcome.SPOKEN) {
                prefaceSeen = true;
            }
            Frame frame = prefaceSeen ? decoder.decode(received) : null;
            if (frame != null) {
                return (ServerFrame) frame;
            }
            if (!fill()) {
                return null;
            }
        }
    }

    /** All that comes until the server closes the socket. */
    byte[] receiveToEnd() throws IOException {
        boolean more = true;
        while (more) {
            more = fill();
        }
        return drain(received);
    }

    private boolean fill() throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[8192];
        try {
            int count = in.read(bytes);
            if (count > 0) {
                received.writeBytes(bytes, 0, count);
            }
            return count > 0;
        } catch (SocketException e) {
            // A reset: the server closed while bytes of ours were under way.
            return false;
        }
    }

    /** One command and its confirmation: the connection works. */
    void proveAlive(long command) throws IOException {
        send(new ClientFrame.OpenSession(command, command));
        ServerFrame frame = receive();
        if (!(frame instanceof ServerFrame.Confirmed confirmed) || confirmed.command() < command) {
            throw new AssertionError("expected the confirmation of " + command + ", got " + frame);
        }
    }

    Socket socket() {
        return socket;
    }

    /** Ends the socket before the end of the test. */
    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
