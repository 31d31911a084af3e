package io.posthorn.server;

import io.posthorn.admin.AdminHost;
import io.posthorn.broker.Login;
import io.posthorn.gateway.Gateway;
import io.posthorn.gateway.agent.AdminLink;
import io.posthorn.journal.Journal;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.server.security.UserDirectory;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the management port sees of a server. */
record AdministeredServer(
        Gateway gateway, Journal journal, UserDirectory users, Path data, long diskFreeMin, String listensOn)
        implements AdminHost {

    @Override
    public AdminLink link() {
        return gateway.adminLink();
    }

    @Override
    public boolean hasUsers() {
        return !users.isEmpty();
    }

    @Override
    public CompletableFuture<Login> login(String user, String password, SocketAddress peer) {
        return gateway.login(user, password, peer);
    }

    @Override
    public String version() {
        return Version.current();
    }

    @Override
    public Optional<String> pressure() {
        return Optional.ofNullable(journal.pressure()).map(Pressure::text);
    }
}
