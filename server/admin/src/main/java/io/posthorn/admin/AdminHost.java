package io.posthorn.admin;

import io.posthorn.broker.Login;
import io.posthorn.gateway.agent.AdminLink;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The server that is administered. For any thread. */
public interface AdminHost {

    AdminLink link();

    /** Whether there are users, so that credentials are needed. */
    boolean hasUsers();

    /** Checks credentials; fails with an {@code AuthenticationException}. */
    CompletableFuture<Login> login(String user, String password, SocketAddress peer);

    String version();

    /** Where clients connect to, for people. */
    String listensOn();

    /** The folder of its data. */
    Path data();

    /** How many bytes of the disk are to stay free. */
    long diskFreeMin();

    /** What the journal is short of, so that senders are refused; empty for nothing. */
    Optional<String> pressure();
}
