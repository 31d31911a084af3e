package io.posthorn.gateway.login;

import io.netty.channel.EventLoop;
import io.posthorn.broker.Login;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections in, or not. Credentials that are known pass at once on the caller's event loop; all others wait for
 * the one thread {@code posthorn-login}, since checking a password is meant to be slow. A refusal is answered after a
 * fixed delay. Thread-safe.
 */
public final class Doorkeeper implements AutoCloseable {

    /** How long a refused peer waits for its answer, in milliseconds. */
    public static final long REFUSAL_DELAY_MS = 250;

    /** How many logins may wait for their check; more are refused at once. */
    public static final int WAITING_MAX = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);

    private final Authenticator authenticator;
    private final ThreadPoolExecutor thread;

    /** Guarded by itself. */
    private final RefusalLog refusals;

    public Doorkeeper(Authenticator authenticator, InstantSource clock) {
        this.authenticator = authenticator;
        this.refusals = new RefusalLog(clock);
        this.thread =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), runnable -> {
                    Thread made = new Thread(runnable, "posthorn-login");
                    made.setDaemon(true);
                    return made;
                });
        thread.allowCoreThreadTimeOut(true);
    }

    /** For other slow work of a handshake: TLS key exchange, reading certificates again. Bounded: may reject. */
    public Executor thread() {
        return thread;
    }

    /** Checks the credentials of a CONNECT and calls {@code guest} on {@code loop}, at once when they are known. */
    public void admit(ClientFrame.Connect frame, SocketAddress peer, EventLoop loop, Guest guest) {
        admit(frame.user(), frame.password(), peer, loop, guest);
    }

    /** The same as a future, which fails with an {@link AuthenticationException}. */
    public CompletableFuture<Login> login(String user, String password, SocketAddress peer, EventLoop loop) {
        CompletableFuture<Login> answer = new CompletableFuture<>();
        admit(user, password, peer, loop, new Guest() {
            @Override
            public void onAdmitted(Login login) {
                answer.complete(login);
            }

            @Override
            public void onRefused(ErrorCode code, String text) {
                answer.completeExceptionally(new AuthenticationException(text));
            }
        });
        return answer;
    }

    private void admit(String user, String password, SocketAddress peer, EventLoop loop, Guest guest) {
        Optional<Login> known = authenticator.recall(user, password);
        if (known.isPresent()) {
            guest.onAdmitted(known.get());
            return;
        }
        try {
            thread.execute(() -> check(user, password, peer, loop, guest));
        } catch (RejectedExecutionException e) {
            LOG.debug("No room for another login", e);
            guest.onRefused(
                    ErrorCode.RESOURCE_LIMIT,
                    "more than " + WAITING_MAX + " logins are waiting already; try again later");
        }
    }

    private void check(String user, String password, SocketAddress peer, EventLoop loop, Guest guest) {
        try {
            Login login = authenticator.authenticate(user, password);
            loop.execute(() -> guest.onAdmitted(login));
        } catch (AuthenticationException e) {
            synchronized (refusals) {
                refusals.refused(hostOf(peer), user, e.getMessage());
            }
            answerLate(loop, guest, ErrorCode.SECURITY, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("Checking the credentials of {} failed", peer, e);
            answerLate(loop, guest, ErrorCode.INTERNAL, "the server could not check the credentials; see its log");
        }
    }

    private static void answerLate(EventLoop loop, Guest guest, ErrorCode code, String text) {
        loop.schedule(() -> guest.onRefused(code, text), REFUSAL_DELAY_MS, TimeUnit.MILLISECONDS);
    }

    /** Ports change with each try of the same peer, so the host alone counts. */
    private static String hostOf(SocketAddress peer) {
        return peer instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress()
                : String.valueOf(peer);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Who waits at the door. Called once, on the event loop it gave. */
    public interface Guest {
        void onAdmitted(Login login);

        void onRefused(ErrorCode code, String text);
    }
}
