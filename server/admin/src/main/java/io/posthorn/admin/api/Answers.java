package io.posthorn.admin.api;

import io.posthorn.broker.store.Refusal;
import io.posthorn.gateway.login.AuthenticationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the broker, and says what its refusals mean to whoever asked. */
final class Answers {

    /** What is done in one turn is answered after a sync of the disk. */
    private static final long SHORT_S = 30;

    /** Going through millions of messages takes its time. */
    private static final long LONG_S = 24 * 3600;

    private Answers() {}

    static <T> T await(CompletableFuture<T> answer) throws Problem {
        return await(answer, SHORT_S);
    }

    static <T> T awaitLong(CompletableFuture<T> answer) throws Problem {
        return await(answer, LONG_S);
    }

    private static <T> T await(CompletableFuture<T> answer, long seconds) throws Problem {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw problem(failed.getCause());
        } catch (TimeoutException late) {
            throw new Problem(
                    503, "the server did not answer within " + seconds + " s; what was ordered may be done or not");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new Problem(503, "the server is stopping");
        }
    }

    private static Problem problem(Throwable cause) {
        if (cause instanceof Refusal refusal) {
            return new Problem(status(refusal), refusal.getMessage());
        }
        if (cause instanceof AuthenticationException) {
            return new Problem(401, cause.getMessage());
        }
        return new Problem(500, String.valueOf(cause));
    }

    private static int status(Refusal refusal) {
        return switch (refusal.code()) {
            case INVALID_DESTINATION, XA_UNKNOWN -> 404;
            case INVALID_SELECTOR, PROTOCOL -> 400;
            case RESOURCE_LIMIT -> 503;
            default -> 409;
        };
    }
}
