package io.posthorn.engine.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** Tells a link what its channel does, in the turn of the event loop. */
final class LinkHandler extends ChannelInboundHandlerAdapter {

    private final SocketLink link;
    private final Turn turn;

    LinkHandler(SocketLink link, Turn turn) {
        this.link = link;
        this.turn = turn;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        turn.run(() -> link.onRead((ByteBuf) message, context.alloc()));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        turn.run(link::onReadComplete);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        turn.run(link::onInactive);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls && !tls.isSuccess()) {
            turn.run(() -> link.onTlsFailed(tls.cause()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        turn.run(() -> link.onFailure(cause));
    }
}
