package io.posthorn.engine.transport;

import io.posthorn.engine.EmbeddedServer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.ServerUrl;
import io.posthorn.engine.transport.route.EmbeddedRoute;
import io.posthorn.engine.transport.route.EmbeddedServers;
import io.posthorn.engine.transport.route.NetworkRoute;
import io.posthorn.engine.transport.route.Route;
import io.posthorn.engine.transport.tls.TlsLayer;

/** Makes transports. */
public final class Transports {

    private Transports() {}

    /**
     * A transport for one connection. Reads the files that TLS needs and finds the embedded server, but connects nowhere
     * yet. On any thread; may block for the files.
     *
     * @throws EngineException when a file cannot be used (SECURITY) or there is no embedded server (INTERNAL)
     */
    public static Transport open(ServerUrl url) throws EngineException {
        return new SocketTransport(url, route(url));
    }

    private static Route route(ServerUrl url) throws EngineException {
        if (url.isVm()) {
            ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
            EmbeddedServer server = EmbeddedServers.find(ofThread, Transports.class.getClassLoader());
            return new EmbeddedRoute(server, url.vmOptions());
        }
        return new NetworkRoute(url.tls().isPresent() ? TlsLayer.load(url.tls().get()) : null);
    }
}
