package io.posthorn.engine;

public interface EmbeddedServer {
    java.net.SocketAddress acquire(String name, java.util.Map<String, String> options) throws EngineException;

    void release(String name);
}
