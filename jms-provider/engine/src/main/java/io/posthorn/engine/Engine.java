package io.posthorn.engine;

import io.posthorn.wire.frame.ErrorCode;

/** Opens connections. The event loops behind them are shared by the JVM, daemon threads, made with the first connection. */
public final class Engine {

    private Engine() {}

    /**
     * Connects and authenticates, trying the URL's addresses in turn, each for at most the connect timeout. {@code user},
     * {@code password} and {@code clientId} may be null; a user here takes the place of the URL's.
     */
    public static EngineConnection connect(ServerUrl url, String user, String password, String clientId)
            throws EngineException {
        // JOIN: return ResumingConnection.open(
        //        Transports.open(url), url.options(), Threads.JVM, new SecureRandom(),
        //        new ResumingConnection.Login(user, password, clientId));
        throw new EngineException(ErrorCode.INTERNAL, "no transport for " + url + " " + user + password + clientId);
    }
}
