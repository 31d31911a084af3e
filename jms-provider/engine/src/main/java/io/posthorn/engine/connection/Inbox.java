package io.posthorn.engine.connection;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.command.CommandLog;
import io.posthorn.wire.frame.ServerFrame;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes what the server sends and brings it to whom it concerns. On the event loop, but for {@link #register} and {@link
 * #forget}.
 */
final class Inbox implements ServerFrame.Handler {

    private final CommandLog log;
    private final BranchQuestions questions;
    private final Holds holds;
    private final BodyTransfers transfers;
    private final Map<Long, ResumingConsumer> consumers = new ConcurrentHashMap<>();

    /** Those that got something in this read burst. */
    private final List<ResumingConsumer> touched = new ArrayList<>();

    /** Spares looking it up for each message of a row. */
    private ResumingConsumer last;

    Inbox(CommandLog log, BranchQuestions questions, Holds holds, BodyTransfers transfers) {
        this.log = log;
        this.questions = questions;
        this.holds = holds;
        this.transfers = transfers;
    }

    /** What is held back until there is room. */
    Holds holds() {
        return holds;
    }

    void register(ResumingConsumer consumer) {
        consumers.put(consumer.ref().id(), consumer);
    }

    void forget(ResumingConsumer consumer) {
        consumers.remove(consumer.ref().id());
    }

    /** Tells the consumers that got something, each once; returns whether there were any. */
    boolean onBurstEnd() {
        boolean any = !touched.isEmpty();
        if (any) {
            VarHandle.fullFence(); // what was put must be seen before we look who waits for it
            touched.forEach(ResumingConsumer::onBurstEnd);
            touched.clear();
        }
        last = null;
        return any;
    }

    @Override
    public void onDeliver(ServerFrame.Deliver frame) {
        ResumingConsumer consumer = last;
        if (consumer == null || consumer.ref().id() != frame.consumer()) {
            consumer = consumers.get(frame.consumer());
            if (consumer == null) {
                return; // closed by us, and the server does not know it yet
            }
            last = consumer;
        }
        if (consumer.onDeliver(frame)) {
            touched.add(consumer);
        }
    }

    @Override
    public void onConfirmed(ServerFrame.Confirmed frame) {
        log.confirm(frame.command());
    }

    @Override
    public void onFailed(ServerFrame.Failed frame) {
        log.fail(frame.command(), frame.code(), frame.text());
    }

    @Override
    public void onResult(ServerFrame.Result frame) {
        log.result(frame.command(), frame.value());
    }

    @Override
    public void onUnblocked(ServerFrame.Unblocked frame) {
        holds.onUnblocked(frame.session());
    }

    @Override
    public void onStaged(ServerFrame.Staged frame) {
        transfers.onStaged(frame);
    }

    @Override
    public void onUploadRefused(ServerFrame.UploadRefused frame) {
        transfers.onUploadRefused(frame);
    }

    @Override
    public void onPiece(ServerFrame.Piece frame) {
        transfers.onPiece(frame);
    }

    @Override
    public void onPieceRefused(ServerFrame.PieceRefused frame) {
        transfers.onPieceRefused(frame);
    }

    @Override
    public void onDrained(ServerFrame.Drained frame) {
        ResumingConsumer consumer = consumers.get(frame.consumer());
        if (consumer != null) {
            consumer.onDrained(frame);
        }
    }

    @Override
    public void onRecall(ServerFrame.Recall frame) {
        ResumingConsumer consumer = consumers.get(frame.consumer());
        if (consumer != null) {
            consumer.onRecall(frame);
        }
    }

    @Override
    public void onConsumerClosed(ServerFrame.ConsumerClosed frame) {
        ResumingConsumer consumer = consumers.get(frame.consumer());
        if (consumer != null) {
            consumer.onClosedByServer(new EngineException(frame.code(), frame.text()));
        }
    }

    @Override
    public void onXaBranches(ServerFrame.XaBranches frame) {
        questions.onAnswer(frame);
    }

    @Override
    public void onXaOver(ServerFrame.XaOver frame) {
        log.branchOver(frame.branch());
    }

    @Override
    public void onHeartbeat(ServerFrame.Heartbeat frame) {
        // the transport listens for life
    }

    @Override
    public void onConnected(ServerFrame.Connected frame) {
        throw unexpected(frame);
    }

    @Override
    public void onRefused(ServerFrame.Refused frame) {
        throw unexpected(frame);
    }

    @Override
    public void onClosed(ServerFrame.Closed frame) {
        throw unexpected(frame);
    }

    private static IllegalStateException unexpected(ServerFrame frame) {
        return new IllegalStateException(frame.getClass().getSimpleName() + " has no place on an open link");
    }
}
