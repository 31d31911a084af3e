package io.posthorn.admin;

import com.sun.net.httpserver.HttpServer;
import io.posthorn.admin.api.Api;
import io.posthorn.admin.api.Guard;
import io.posthorn.admin.api.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The port for operators. Made by {@link #start}, ended by {@link #close}. */
public final class AdminServer implements AutoCloseable {

    private static final int THREADS = 4;
    private static final int WAITING_MAX = 64;

    private final HttpServer server;
    private final ThreadPoolExecutor threads;

    private AdminServer(HttpServer server, ThreadPoolExecutor threads) {
        this.server = server;
        this.threads = threads;
    }

    /** Opens the port. */
    public static AdminServer start(AdminSettings settings, AdminHost host) throws IOException {
        InetAddress address = InetAddress.getByName(settings.host());
        HttpServer server = HttpServer.create(new InetSocketAddress(address, settings.port()), WAITING_MAX);
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), work -> {
                    Thread made = new Thread(work, "posthorn-admin-" + number.incrementAndGet());
                    made.setDaemon(true);
                    return made;
                });
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        server.createContext("/api", new Api(host, new Guard(host, settings.host())));
        server.createContext("/health", new Health(host));
        server.start();
        return new AdminServer(server, threads);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** What to give to the command line. */
    public String url() {
        String host = server.getAddress().getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : server.getAddress().getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
