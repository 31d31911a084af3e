package io.posthorn.engine.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.transport.route.ClientThreads;
import io.posthorn.engine.transport.route.Route;
import io.posthorn.engine.url.ServerAddress;
import io.posthorn.wire.frame.ErrorCode;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;

/**
 * One attempt to reach an address: finds the places that it stands for and tries them in turn, until one takes the
 * connection or the link has ended. On the event loop, except for the finding.
 */
final class Dialler {

    private final Route route;
    private final EventLoop loop;
    private final Turn turn;
    private final ServerAddress address;
    private final SocketLink link;

    Dialler(Route route, EventLoop loop, Turn turn, ServerAddress address, SocketLink link) {
        this.route = route;
        this.loop = loop;
        this.turn = turn;
        this.address = address;
        this.link = link;
    }

    void dial() {
        if (route.blocks(address)) {
            ClientThreads.blocking().execute(this::find);
        } else {
            find();
        }
    }

    private void find() {
        List<SocketAddress> places;
        try {
            places = route.find(address);
        } catch (EngineException e) {
            turn.execute(() -> link.fail(e));
            return;
        } catch (RuntimeException | LinkageError e) {
            turn.execute(() -> link.fail(new EngineException(
                    ErrorCode.INTERNAL, "finding " + address + " failed, which is a defect: " + e, e)));
            return;
        }
        turn.execute(() -> tryPlace(places, 0));
    }

    private void tryPlace(List<SocketAddress> places, int index) {
        if (link.hasEnded()) {
            return;
        }
        Channel channel = route.channel(address);
        link.dialling(channel);
        loop.register(channel)
                .addListener(registered -> turn.run(() -> {
                    if (registered.isSuccess()) {
                        channel.connect(places.get(index))
                                .addListener(done -> turn.run(() -> onTried((ChannelFuture) done, places, index)));
                    } else {
                        link.fail(explain(registered.cause()));
                    }
                }));
    }

    private void onTried(ChannelFuture done, List<SocketAddress> places, int index) {
        if (done.isSuccess()) {
            link.attach();
        } else if (index + 1 < places.size()) {
            done.channel().close();
            tryPlace(places, index + 1);
        } else {
            link.fail(explain(done.cause()));
        }
    }

    private EngineException explain(Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        String reason = said.toLowerCase(Locale.ROOT);
        String text;
        if (reason.contains("refused")) {
            text = "nothing listens at " + address + " (Connection refused): is the server running?";
        } else if (cause instanceof NoRouteToHostException || reason.contains("unreachable")) {
            text = "there is no way to " + address + " (" + said + "): check the network, and the firewalls on the way";
        } else {
            text = "cannot connect to " + address + ": " + cause;
        }
        return new EngineException(ErrorCode.CONNECTION_LOST, text, cause);
    }
}
