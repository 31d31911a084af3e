package io.posthorn.server;

import io.posthorn.admin.AdminHost;
import io.posthorn.admin.AdminServer;
import io.posthorn.admin.AdminSettings;
import io.posthorn.server.config.ServerSettings;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The management port of a server, and the file in the data folder that says where it is. */
public final class AdminPort implements AutoCloseable {

    /** The name of the file within the data folder. */
    public static final String URL_FILE = "admin.url";

    private static final Logger LOG = LoggerFactory.getLogger(AdminPort.class);

    private final AdminServer server;
    private final Path file;

    private AdminPort(AdminServer server, Path file) {
        this.server = server;
        this.file = file;
    }

    static AdminPort open(ServerSettings.Admin settings, AdminHost host) throws StartException {
        AdminServer server = start(settings, host);
        Path file = host.data().resolve(URL_FILE);
        try {
            Files.writeString(file, server.url() + System.lineSeparator());
        } catch (IOException e) {
            server.close();
            throw new StartException("the file " + file + " cannot be written: " + e, e);
        }
        LOG.info("Operators are answered at {}", server.url());
        return new AdminPort(server, file);
    }

    private static AdminServer start(ServerSettings.Admin settings, AdminHost host) throws StartException {
        try {
            return AdminServer.start(new AdminSettings(settings.host(), settings.port()), host);
        } catch (BindException taken) {
            if (settings.movable()) {
                LOG.info("Port {} is taken; operators get another one", settings.port());
                return start(new ServerSettings.Admin(settings.host(), true, 0, false), host);
            }
            throw new StartException(
                    "cannot listen for operators on " + settings.host() + ":" + settings.port() + ": "
                            + taken.getMessage()
                            + ". Choose another port (setting admin.port; 0 takes any free one, off"
                            + " none)",
                    taken);
        } catch (IOException e) {
            throw new StartException(
                    "cannot listen for operators on " + settings.host() + ":" + settings.port() + ": " + e
                            + ". Check the settings admin.host and admin.port",
                    e);
        }
    }

    public String url() {
        return server.url();
    }

    @Override
    public void close() {
        server.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("The file {} is out of date and cannot be deleted: {}", file, e.toString());
        }
    }
}
