package io.posthorn.server.embedded;

import io.netty.channel.local.LocalAddress;
import io.posthorn.engine.EmbeddedServer;
import io.posthorn.engine.EngineException;
import io.posthorn.server.PosthornServer;
import io.posthorn.server.StartException;
import io.posthorn.server.config.ConfigException;
import io.posthorn.wire.frame.ErrorCode;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers for {@code vm://name}: started with the first connection, stopped with the last unless told to keep. Starting
 * and stopping hold the lock of this object, so that a name stands for one server at any time. What is still running when
 * the JVM ends is stopped in order.
 */
public final class VmServers implements EmbeddedServer {

    private static final Logger LOG = LoggerFactory.getLogger(VmServers.class);

    /** By name; guarded by this. */
    private final Map<String, Running> servers = new HashMap<>();

    private boolean hooked;

    @Override
    public synchronized SocketAddress acquire(String name, Map<String, String> options) throws EngineException {
        Running running = servers.get(name);
        if (running == null) {
            running = start(name, options);
            servers.put(name, running);
        }
        running.users++;
        return running.server.address();
    }

    @Override
    public synchronized void release(String name) {
        Running running = servers.get(name);
        if (running != null && --running.users <= 0 && !running.keep) {
            servers.remove(name);
            stop(name, running);
        }
    }

    private Running start(String name, Map<String, String> options) throws EngineException {
        if (!hooked) {
            hooked = true;
            Runtime.getRuntime().addShutdownHook(new Thread(this::stopAll, "posthorn-vm-stop"));
        }
        Path temporary = null;
        PosthornServer server = null;
        try {
            VmOptions chosen = VmOptions.parse(options);
            temporary = chosen.data() == null ? TemporaryFolder.create(name) : null;
            if (temporary != null) {
                LOG.info("vm://{} keeps its data in {} until it stops; data=DIR keeps it for longer", name, temporary);
            }
            server = PosthornServer.startLocal(
                    chosen.settings(temporary == null ? chosen.data() : temporary),
                    new LocalAddress("vm://" + name + "#" + UUID.randomUUID()));
            return new Running(server, chosen.keep(), temporary);
        } catch (ConfigException | StartException | IOException e) {
            throw new EngineException(
                    ErrorCode.RESOURCE_LIMIT, "cannot start the server of vm://" + name + ": " + e.getMessage(), e);
        } finally {
            if (server == null && temporary != null) {
                delete(temporary);
            }
        }
    }

    private static void stop(String name, Running running) {
        running.server.close();
        if (running.temporary != null) {
            delete(running.temporary);
            LOG.info("vm://{} is stopped and its data in {} deleted", name, running.temporary);
        }
    }

    private static void delete(Path folder) {
        try {
            TemporaryFolder.delete(folder);
        } catch (IOException e) {
            LOG.warn("The temporary folder {} could not be deleted whole: {}", folder, e.toString());
        }
    }

    /** Stops all that run, in order, whoever still uses them. */
    synchronized void stopAll() {
        servers.forEach(VmServers::stop);
        servers.clear();
    }

    /** One server with how many connections use it. */
    private static final class Running {
        private final PosthornServer server;
        private final boolean keep;
        private final Path temporary;
        private int users;

        private Running(PosthornServer server, boolean keep, Path temporary) {
            this.server = server;
            this.keep = keep;
            this.temporary = temporary;
        }
    }
}
