package io.posthorn.wire.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A frame that the server sends. {@code docs/protocol.md} says what each one means. */
public sealed interface ServerFrame extends Frame {

    /** Calls the method of {@code handler} that belongs to this frame. */
    void dispatch(Handler handler);

    /**
     * Accepts a {@link ClientFrame.Connect}. {@code server} names the data folder for ever, {@code run} the time since
     * its last start. {@code lastCommand} is the highest command of this connection that is done: processed, when
     * {@code run} is the run that the client knew; durable, otherwise. {@code resumed} says that the server knew the
     * connection.
     */
    record Connected(
            UUID server,
            long run,
            String product,
            long frameLengthMax,
            long messageLengthMax,
            long heartbeatMs,
            long resumeWindowMs,
            long lastCommand,
            boolean resumed)
            implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onConnected(this);
        }
    }

    /** Refuses a {@link ClientFrame.Connect}; the socket is closed after it. */
    record Refused(ErrorCode code, String text) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onRefused(this);
        }
    }

    /** The server ends the connection on its own account; the socket is closed after it. */
    record Closed(ErrorCode code, String text) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onClosed(this);
        }
    }

    record Heartbeat() implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onHeartbeat(this);
        }
    }

    /** All commands up to and including this one are done and durable, but for those that {@link Failed} named. */
    record Confirmed(long command) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onConfirmed(this);
        }
    }

    /** The command had no effect, for this reason. Comes before the {@link Confirmed} that covers it. */
    record Failed(long command, ErrorCode code, String text) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onFailed(this);
        }
    }

    /** What the command returned. Comes before the {@link Confirmed} that covers it. */
    record Result(long command, long value) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onResult(this);
        }
    }

    /**
     * One message for a consumer. {@code attempts} counts earlier times that an application was handed it (so
     * {@code JMSXDeliveryCount} is {@code attempts + 1}); {@code redelivered} is also set when an earlier attempt
     * cannot be ruled out. Void when {@code generation} is not the consumer's.
     */
    record Deliver(long consumer, long generation, long entry, int attempts, boolean redelivered, byte[] envelope)
            implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onDeliver(this);
        }
    }

    /** The server has this many pieces of an upload, from the first one on. Answers each {@link ClientFrame.UploadPiece}. */
    record Staged(long upload, long pieces) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onStaged(this);
        }
    }

    /** The pieces of an upload are not taken, for this reason; those that came are dropped, unless it is BLOCKED. */
    record UploadRefused(long upload, ErrorCode code, String text) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onUploadRefused(this);
        }
    }

    /** What {@link ClientFrame.FetchPiece} asked for. */
    record Piece(long consumer, long entry, long index, byte[] bytes) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onPiece(this);
        }
    }

    /**
     * The pieces of this body cannot be had: the delivery is not the consumer's any more ({@link ErrorCode#ILLEGAL_STATE}), or
     * they cannot be read.
     */
    record PieceRefused(long consumer, long entry, ErrorCode code, String text) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onPieceRefused(this);
        }
    }

    /** What FAILED with {@link ErrorCode#BLOCKED} in this session (0: of branches) may be tried again. */
    record Unblocked(long session) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onUnblocked(this);
        }
    }

    /** Answers {@link ClientFrame.Drain}: all that there was has been delivered before this frame; credit is now zero. */
    record Drained(long consumer, long generation, long token) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onDrained(this);
        }
    }

    /** Asks the consumer to release what it has not started, because others idle. */
    record Recall(long consumer, long generation) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onRecall(this);
        }
    }

    /** The consumer was closed by the server: its destination was deleted, or its permission withdrawn. */
    record ConsumerClosed(long consumer, ErrorCode code, String text) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onConsumerClosed(this);
        }
    }

    /**
     * Answers {@link ClientFrame.XaRecover}, by as many frames as it takes. The frames of one answer come in order, nothing of
     * another under the same token between them.
     */
    record XaBranches(long token, boolean last, List<BranchId> branches) implements ServerFrame {

        /** So many of the longest branches fill about half of a frame of the usual limit. */
        public static final int BRANCHES_MAX = 4096;

        /** The frames that say all these branches; one when there is none. */
        public static List<XaBranches> answer(long token, List<BranchId> branches) {
            List<XaBranches> frames = new ArrayList<>();
            int start = 0;
            do {
                int end = Math.min(branches.size(), start + BRANCHES_MAX);
                frames.add(new XaBranches(token, end == branches.size(), branches.subList(start, end)));
                start = end;
            } while (start < branches.size());
            return frames;
        }

        @Override
        public void dispatch(Handler handler) {
            handler.onXaBranches(this);
        }
    }

    /**
     * A branch that this connection worked in is prepared or over, and another connection, or a timeout, made it so: the client
     * need not keep any longer what it did in it. Lost with the socket, and not said again.
     */
    record XaOver(BranchId branch) implements ServerFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onXaOver(this);
        }
    }

    /** One method per frame, so that a new frame breaks the build of whoever does not handle it. */
    interface Handler {
        void onConnected(Connected frame);

        void onRefused(Refused frame);

        void onClosed(Closed frame);

        void onHeartbeat(Heartbeat frame);

        void onConfirmed(Confirmed frame);

        void onFailed(Failed frame);

        void onResult(Result frame);

        void onDeliver(Deliver frame);

        void onStaged(Staged frame);

        void onUploadRefused(UploadRefused frame);

        void onPiece(Piece frame);

        void onPieceRefused(PieceRefused frame);

        void onUnblocked(Unblocked frame);

        void onDrained(Drained frame);

        void onRecall(Recall frame);

        void onConsumerClosed(ConsumerClosed frame);

        void onXaBranches(XaBranches frame);

        void onXaOver(XaOver frame);
    }
}
