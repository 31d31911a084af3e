package io.posthorn.engine.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.Frame;
import io.posthorn.wire.frame.FrameDecoder;
import io.posthorn.wire.frame.FrameEncoder;
import io.posthorn.wire.frame.FrameType;
import io.posthorn.wire.frame.Preface;
import io.posthorn.wire.frame.ServerFrame;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ServerSocketFactory;

/** A server on the loopback that plays the same script to each socket, one after the other. */
final class ScriptedPeer implements AutoCloseable {

    private final ServerSocket server;
    private final Script script;

    /** What went wrong in scripts; some tests expect it. */
    final BlockingQueue<Exception> failures = new LinkedBlockingQueue<>();

    private ScriptedPeer(ServerSocket server, Script script) {
        this.server = server;
        this.script = script;
    }

    static ScriptedPeer start(Script script) throws IOException {
        return start(ServerSocketFactory.getDefault(), script);
    }

    static ScriptedPeer start(ServerSocketFactory factory, Script script) throws IOException {
        ScriptedPeer peer =
                new ScriptedPeer(factory.createServerSocket(0, 10, InetAddress.getByName("127.0.0.1")), script);
        Thread thread = new Thread(peer::accept, "scripted-peer");
        thread.setDaemon(true);
        thread.start();
        return peer;
    }

    int port() {
        return server.getLocalPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                script.play(new Side(socket));
            } catch (IOException | RuntimeException e) {
                failures.add(e);
            }
        }
    }

    /** What the server does with one socket; it is closed afterwards. */
    interface Script {
        void play(Side side) throws IOException;
    }

    /** The server's side of one socket. */
    static final class Side {

        private final Socket socket;
        private final FrameEncoder encoder = new FrameEncoder();
        private final FrameDecoder decoder = new FrameDecoder(FrameType.Side.CLIENT, Frame.LENGTH_MAX_DEFAULT);
        private final ByteBuf received = Unpooled.buffer();

        private Side(Socket socket) {
            this.socket = socket;
        }

        Socket socket() {
            return socket;
        }

        /** Reads the client's preface and answers. */
        void greet() throws IOException {
            readPreface();
            ByteBuf preface = Unpooled.buffer();
            Preface.write(preface);
            writeRaw(bytes(preface));
        }

        Preface.Reading readPreface() throws IOException {
            while (received.readableBytes() < Preface.LENGTH) {
                readMore();
            }
            return Preface.read(received);
        }

        void writeRaw(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        void write(ServerFrame... frames) throws IOException {
            writeRaw(encode(frames));
        }

        byte[] encode(ServerFrame... frames) {
            ByteBuf out = Unpooled.buffer();
            for (ServerFrame frame : frames) {
                encoder.encode(frame, out);
            }
            return bytes(out);
        }

        ClientFrame read() throws IOException {
            Frame frame = decoder.decode(received);
            while (frame == null) {
                received.discardReadBytes();
                readMore();
                frame = decoder.decode(received);
            }
            return (ClientFrame) frame;
        }

        /** Reads and forgets until the client closes. */
        void awaitEnd() throws IOException {
            byte[] buffer = new byte[64 << 10];
            while (socket.getInputStream().read(buffer) >= 0) {
                received.clear();
            }
        }

        private void readMore() throws IOException {
            byte[] buffer = new byte[64 << 10];
            int length = socket.getInputStream().read(buffer);
            if (length < 0) {
                throw new EOFException("the client closed");
            }
            received.writeBytes(buffer, 0, length);
        }

        private static byte[] bytes(ByteBuf buffer) {
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            return bytes;
        }
    }
}
