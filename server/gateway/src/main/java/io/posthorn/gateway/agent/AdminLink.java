package io.posthorn.gateway.agent;

import io.posthorn.broker.admin.Administration;
import io.posthorn.broker.admin.Done;
import io.posthorn.broker.store.Refusal;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The operator's way to the broker, for any thread: a question or an order becomes a part of a turn on the broker's loop, and
 * the answer a future that is completed there, once the log is durable as far as the answer says. Whoever waits for it bounds
 * the time: a broker that has ended never answers. A refusal completes it with a {@link Refusal}.
 */
public final class AdminLink {

    private final BrokerDriver driver;

    AdminLink(BrokerDriver driver) {
        this.driver = driver;
    }

    /** Asks for something; on the broker's loop, so it must be short. */
    @FunctionalInterface
    public interface Question<T> {
        T answer(Administration administration) throws Refusal;
    }

    /** Orders something that is done at once. */
    @FunctionalInterface
    public interface Order<T> {
        Done<T> carryOut(Administration administration) throws Refusal;
    }

    /** Begins something that takes several turns, and answers by the callback. */
    @FunctionalInterface
    public interface Errand<T> {
        void begin(Administration administration, Consumer<Done<T>> reply) throws Refusal;
    }

    public <T> CompletableFuture<T> ask(Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        inTurn(answer, administration -> answer.complete(question.answer(administration)));
        return answer;
    }

    public <T> CompletableFuture<T> order(Order<T> order) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        inTurn(answer, administration -> promise(administration, order.carryOut(administration), answer));
        return answer;
    }

    public <T> CompletableFuture<T> send(Errand<T> errand) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        inTurn(answer, administration -> errand.begin(administration, done -> promise(administration, done, answer)));
        return answer;
    }

    private static <T> void promise(Administration administration, Done<T> done, CompletableFuture<T> answer) {
        administration.whenDurable(done.position(), () -> answer.complete(done.result()));
    }

    private interface Step {
        void take(Administration administration) throws Refusal;
    }

    private void inTurn(CompletableFuture<?> answer, Step step) {
        driver.handOver(() -> {
            try {
                step.take(driver.broker().administration());
            } catch (Refusal refusal) {
                answer.completeExceptionally(refusal);
            }
        });
        driver.wake();
    }
}
