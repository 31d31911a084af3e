package io.posthorn.engine.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalServerChannel;
import io.posthorn.engine.EmbeddedServer;
import io.posthorn.engine.EngineException;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Frame;
import io.posthorn.wire.frame.FrameDecoder;
import io.posthorn.wire.frame.FrameEncoder;
import io.posthorn.wire.frame.FrameType;
import io.posthorn.wire.frame.Preface;
import io.posthorn.wire.frame.ServerFrame;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;

/** Servers that confirm as many commands as they read frames. Counts their uses. The name {@code broken} does not start. */
public final class FakeEmbeddedServer implements EmbeddedServer {

    private final EventLoopGroup loops = loops();
    private final Map<String, Channel> listening = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, Map<String, String>> options = new HashMap<>();

    /** For the service loader. */
    public FakeEmbeddedServer() {}

    @Override
    public synchronized SocketAddress acquire(String name, Map<String, String> given) throws EngineException {
        if (name.equals("broken")) {
            throw new EngineException(ErrorCode.RESOURCE_LIMIT, "does not start");
        }
        Channel channel = listening.computeIfAbsent(name, this::listen);
        options.putIfAbsent(name, given);
        uses.merge(name, 1, Integer::sum);
        return channel.localAddress();
    }

    @Override
    public synchronized void release(String name) {
        if (uses.merge(name, -1, Integer::sum) == 0) {
            listening.remove(name).close().syncUninterruptibly();
        }
    }

    synchronized int uses(String name) {
        return uses.getOrDefault(name, 0);
    }

    synchronized Map<String, String> options(String name) {
        return options.get(name);
    }

    private Channel listen(String name) {
        return new ServerBootstrap()
                .group(loops)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Confirmer());
                    }
                })
                .bind(new LocalAddress("fake-" + name))
                .syncUninterruptibly()
                .channel();
    }

    @SuppressWarnings("deprecation")
    private static EventLoopGroup loops() {
        return new DefaultEventLoopGroup(1);
    }

    private static final class Confirmer extends ChannelInboundHandlerAdapter {

        private final FrameDecoder decoder = new FrameDecoder(FrameType.Side.CLIENT, Frame.LENGTH_MAX_DEFAULT);
        private boolean greeted;
        private long count;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            ByteBuf out = context.alloc().buffer();
            if (!greeted) {
                greeted = true;
                Preface.read(in);
                Preface.write(out);
            }
            while (decoder.decode(in) != null) {
                new FrameEncoder().encode(new ServerFrame.Confirmed(++count), out);
            }
            in.release();
            context.writeAndFlush(out);
        }
    }
}
