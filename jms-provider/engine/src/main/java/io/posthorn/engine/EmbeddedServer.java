package io.posthorn.engine;

import java.net.SocketAddress;
import java.util.Map;

/**
 * Servers inside of this JVM, for {@code vm://name}. The client finds the implementation through {@link
 * java.util.ServiceLoader}, first with the context class loader of the thread that connects, then with its own; {@code
 * io.posthorn:posthorn-server} has one. There is one instance per implementing class, made with its public constructor
 * without arguments.
 *
 * <p>A server is started with the first connection of the JVM to its name, and stopped when as many releases as acquires
 * have come, unless the option {@code keep=true} was given. Both methods may block, and are called on any thread but
 * never on one of the client's event loops.
 */
public interface EmbeddedServer {

    /**
     * Starts the server of this name unless it runs, and counts one more use of it.
     *
     * @param options those of {@code data}, {@code persistent}, {@code keep} and {@code config} that the URL has; they
     *     matter to the first use only
     * @return where the server listens, for Netty's local channel
     * @throws EngineException when the server cannot be started; then nothing was acquired
     */
    SocketAddress acquire(String name, Map<String, String> options) throws EngineException;

    /** Ends one use. The server has stopped when the last release returns. */
    void release(String name);
}
