package io.posthorn.tck.specification;

import jakarta.jms.CompletionListener;
import jakarta.jms.Message;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Writes down what a completion listener is told, in which order and on which threads. */
final class Outcomes implements CompletionListener {

    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<Exception> failures = new CopyOnWriteArrayList<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Turnstile turnstile;
    private final Consumer<Message> onCompletion;

    Outcomes() {
        this(new Turnstile());
    }

    Outcomes(Turnstile turnstile) {
        this(turnstile, message -> {});
    }

    /** Does something more when a send has completed, before it is written down. */
    Outcomes(Consumer<Message> onCompletion) {
        this(new Turnstile(), onCompletion);
    }

    private Outcomes(Turnstile turnstile, Consumer<Message> onCompletion) {
        this.turnstile = turnstile;
        this.onCompletion = onCompletion;
    }

    @Override
    public void onCompletion(Message message) {
        turnstile.enter();
        onCompletion.accept(message);
        note(message);
        turnstile.exit();
    }

    @Override
    public void onException(Message message, Exception exception) {
        turnstile.enter();
        failures.add(exception);
        note(message);
        turnstile.exit();
    }

    private void note(Message message) {
        threads.add(Thread.currentThread());
        texts.add(Mail.text(message));
    }

    /** The messages of all calls, also for failures, in the order of the calls. */
    List<String> texts() {
        return texts;
    }

    List<Exception> failures() {
        return failures;
    }

    Set<Thread> threads() {
        return threads;
    }

    /** Counts how many are inside at the same time. */
    static final class Turnstile {

        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        void enter() {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        }

        void exit() {
            inside.decrementAndGet();
        }

        int most() {
            return most.get();
        }
    }
}
