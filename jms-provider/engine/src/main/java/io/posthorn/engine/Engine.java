package io.posthorn.engine;

import io.posthorn.engine.connection.ResumingConnection;
import io.posthorn.engine.transport.Transports;
import io.posthorn.engine.transport.route.ClientThreads;
import io.posthorn.engine.waiting.Threads;
import java.security.SecureRandom;

/** Opens connections. The event loops behind them are shared by the JVM, daemon threads, made with the first connection and ended soon after the last. */
public final class Engine {

    private Engine() {}

    /** Ends the threads that no connection uses now, for whoever takes the classes of this client away. Waits, within a bound. */
    public static void endUnusedThreads() {
        ClientThreads.endUnused();
    }

    /**
     * Connects and authenticates, trying the URL's addresses in turn, each for at most the connect timeout. {@code user},
     * {@code password} and {@code clientId} may be null; a user here takes the place of the URL's.
     */
    public static EngineConnection connect(ServerUrl url, String user, String password, String clientId)
            throws EngineException {
        boolean own = user != null;
        ResumingConnection.Login login = new ResumingConnection.Login(
                own ? user : url.user(), own ? password : url.password(), clientId != null ? clientId : url.clientId());
        return ResumingConnection.open(Transports.open(url), url.options(), Threads.JVM, new SecureRandom(), login);
    }
}
