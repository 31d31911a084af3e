package io.posthorn.gateway;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.Frame;
import io.posthorn.wire.frame.FrameDecoder;
import io.posthorn.wire.frame.FrameEncoder;
import io.posthorn.wire.frame.FrameType;
import io.posthorn.wire.frame.Preface;
import java.net.SocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client over the in-JVM transport. */
final class LocalPeer implements AutoCloseable {

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final FrameEncoder encoder = new FrameEncoder();
    private final Channel channel;

    LocalPeer(SocketAddress address) {
        channel = new Bootstrap()
                .group(loops)
                .channel(LocalChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline().addLast(new Reader());
                    }
                })
                .connect(address)
                .syncUninterruptibly()
                .channel();
        ByteBuf preface = Unpooled.buffer();
        Preface.write(preface);
        channel.writeAndFlush(preface);
    }

    void send(ClientFrame frame) {
        ByteBuf bytes = Unpooled.buffer();
        encoder.encode(frame, bytes);
        channel.writeAndFlush(bytes);
    }

    Frame receive() throws InterruptedException {
        return frames.poll(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private final class Reader extends SimpleChannelInboundHandler<ByteBuf> {

        private final ByteBuf received = Unpooled.buffer();
        private final FrameDecoder decoder = new FrameDecoder(FrameType.Side.SERVER, 1 << 20);
        private boolean prefaceSeen;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            received.writeBytes(bytes);
            prefaceSeen |= !prefaceSeen && Preface.read(received).outcome() == Preface.Outcome.SPOKEN;
            Frame frame = prefaceSeen ? decoder.decode(received) : null;
            while (frame != null) {
                frames.add(frame);
                frame = decoder.decode(received);
            }
        }
    }
}
