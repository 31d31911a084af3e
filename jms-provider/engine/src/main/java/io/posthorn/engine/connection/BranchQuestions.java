package io.posthorn.engine.connection;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.waiting.Patience;
import io.posthorn.engine.waiting.Promise;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The questions for prepared branches that are not answered; asked again on each new link. Safe from any thread. */
final class BranchQuestions {

    private final Outbox outbox;
    private final Patience patience;
    private final AtomicLong tokens = new AtomicLong();
    private final Map<Long, Question> open = new ConcurrentSkipListMap<>();
    private volatile EngineException end;

    BranchQuestions(Outbox outbox, Patience patience) {
        this.outbox = outbox;
        this.patience = patience;
    }

    /** Asks and waits for the answer. */
    List<BranchId> ask() throws EngineException {
        long token = tokens.incrementAndGet();
        Question question = new Question(new Promise("the prepared branches", patience));
        open.put(token, question);
        try {
            if (end != null) {
                question.promise.settle(0, end);
            }
            outbox.ask(() -> new ClientFrame.XaRecover(token));
            outbox.wake();
            question.promise.await();
            return question.branches;
        } finally {
            open.remove(token);
        }
    }

    /** There is a new link. */
    void askAgain() {
        open.forEach((token, question) -> {
            question.parts.clear(); // the rest of an answer that was under way does not come any more
            outbox.ask(() -> new ClientFrame.XaRecover(token));
        });
    }

    void onAnswer(ServerFrame.XaBranches frame) {
        Question question = open.get(frame.token());
        if (question != null) {
            question.parts.addAll(frame.branches());
            if (frame.last()) {
                question.branches = List.copyOf(question.parts);
                question.parts.clear();
                question.promise.settle(0, null);
            }
        }
    }

    void end(EngineException cause) {
        end = cause;
        open.values().forEach(question -> question.promise.settle(0, cause));
    }

    private static final class Question {
        private final Promise promise;

        /** What came of the answer so far. Used on the event loop. */
        private final List<BranchId> parts = new ArrayList<>();

        private volatile List<BranchId> branches = List.of();

        Question(Promise promise) {
            this.promise = promise;
        }
    }
}
