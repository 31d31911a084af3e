package io.posthorn.server.endtoend;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.server.PosthornServer;
import io.posthorn.server.StartException;
import io.posthorn.server.config.ConfigException;
import io.posthorn.server.config.ServerSettings;
import io.posthorn.server.config.SettingsLoader;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** One server on a folder, and the connections of a test. */
final class Site implements AutoCloseable {

    private final ServerSettings settings;
    private final Deque<Connection> connections = new ArrayDeque<>();
    private PosthornServer server;

    /** Starts a server with settings such as {@code message-length-max=4096}. */
    Site(Path data, String... given) throws ConfigException, StartException {
        settings = settings(data, given);
        server = PosthornServer.start(settings);
    }

    /** Settings for a server on a free port. */
    static ServerSettings settings(Path data, String... given) throws ConfigException {
        SettingsLoader loader = new SettingsLoader().set("listen.port", "0", "test");
        for (String setting : given) {
            int equals = setting.indexOf('=');
            loader.set(setting.substring(0, equals), setting.substring(equals + 1), "test");
        }
        return loader.load().withData(data);
    }

    int port() {
        return server.port();
    }

    /** {@code options} begin with a question mark, or are empty. */
    PosthornConnectionFactory factory(String options) {
        return new PosthornConnectionFactory("tcp://127.0.0.1:" + port() + options);
    }

    /** A started connection, closed with the site. */
    Connection connect() throws JMSException {
        return connect("");
    }

    Connection connect(String options) throws JMSException {
        Connection connection = factory(options).createConnection();
        connections.push(connection);
        connection.start();
        return connection;
    }

    /** Stops the server in order, and starts another on the same port and data. */
    void restart() throws StartException {
        int port = server.port();
        server.close();
        server = PosthornServer.start(settings.withListen("127.0.0.1", port));
    }

    @Override
    public void close() throws JMSException {
        while (!connections.isEmpty()) {
            connections.pop().close();
        }
        server.close();
    }
}
