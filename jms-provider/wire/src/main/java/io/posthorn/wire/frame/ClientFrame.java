package io.posthorn.wire.frame;

import java.util.List;
import java.util.UUID;

/**
 * A frame that a client sends. Frames that carry a {@code command} number change state: their numbers grow by at least
 * one from frame to frame on a connection, survive the socket, and are confirmed in order by {@link
 * ServerFrame.Confirmed}. The others are idempotent or questions, and are simply asked again after a reconnect.
 *
 * <p>{@code docs/protocol.md} says what each frame means; {@link FrameType} is the table that the codec follows.
 */
public sealed interface ClientFrame extends Frame {

    /** Calls the method of {@code handler} that belongs to this frame. */
    void dispatch(Handler handler);

    /**
     * First frame of every socket. {@code knownRun} is 0 for a new connection, otherwise the run of the server that the
     * client last spoke to; {@code lastConfirmed} is the highest command number whose confirmation the client has seen.
     */
    record Connect(
            UUID connection,
            String clientId,
            String user,
            String password,
            long heartbeatMs,
            long knownRun,
            long lastConfirmed,
            String product)
            implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onConnect(this);
        }

        /** Leaves out the password. */
        @Override
        public String toString() {
            return "Connect[connection=" + connection + ", clientId=" + clientId + ", user=" + user + ", heartbeatMs="
                    + heartbeatMs + ", knownRun=" + knownRun + ", lastConfirmed=" + lastConfirmed + ", product="
                    + product + "]";
        }
    }

    /** Sets the client identifier after connecting. Fails with INVALID_CLIENT_ID when another live connection has it. */
    record Identify(long command, String clientId) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onIdentify(this);
        }
    }

    /** Ends the connection for good: everything it holds is given back, temporary destinations are deleted. */
    record Close(long command) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onClose(this);
        }
    }

    /** Proof of life in an otherwise silent direction. */
    record Heartbeat() implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onHeartbeat(this);
        }
    }

    /** Names a destination by a number for the lifetime of the socket, for use in {@link Send}. */
    record DeclareAddress(long alias, Address address) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onDeclareAddress(this);
        }
    }

    record OpenSession(long command, long session) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onOpenSession(this);
        }
    }

    /**
     * Ends a session: rolls back its local transaction, closes its consumers, gives back all it holds. {@code handed} are
     * the deliveries that the application was given and never acknowledged; they count as attempts, the rest does not.
     */
    record CloseSession(long command, long session, List<Handed> handed) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onCloseSession(this);
        }
    }

    /** Deliveries of one consumer that the application was handed. */
    record Handed(long consumer, EntryRanges entries) {}

    /**
     * Sends one message, whose {@link io.posthorn.wire.message.Envelope} is {@code envelope}. When {@code transacted}, it
     * belongs to the transaction that the session is in and becomes visible with that transaction's commit. {@code awaited}:
     * somebody waits for its confirmation, which otherwise comes along with something else, or a moment later.
     */
    record Send(long command, long session, boolean transacted, boolean awaited, long alias, byte[] envelope)
            implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onSend(this);
        }
    }

    /**
     * One piece of a body that is longer than a frame; pieces of one {@code upload} are numbered from 0 and come in order,
     * those of several uploads in any mixture. Not a command: it comes ahead of the {@link Send} whose envelope names the
     * upload, and goes on after a reconnect where {@link ServerFrame.Staged} says. {@code logged}: it must survive.
     */
    record UploadPiece(long upload, long index, boolean logged, byte[] bytes) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onUploadPiece(this);
        }
    }

    /** The message of these pieces will not be sent. */
    record DropUpload(long upload) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onDropUpload(this);
        }
    }

    /** Asks for one piece of the body of a delivery that the consumer holds, or, as a browser, was shown. */
    record FetchPiece(long consumer, long entry, long index) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onFetchPiece(this);
        }
    }

    /**
     * Says of the {@link Send} that will have the number {@code command} that it went to an earlier run of the server, which
     * may have delivered the message: where nothing in the log tells whether it has, it is delivered as redelivered.
     */
    record Repeated(long command) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onRepeated(this);
        }
    }

    /**
     * Opens a consumer, or claims it again after a reconnect. {@code held} are the deliveries that the client holds from
     * before (handed to the application, not yet acknowledged); whatever else the consumer had goes back to its place
     * uncounted. The consumer starts in generation {@code generation} with no credit.
     */
    record Attach(long command, long session, long consumer, long generation, Source source, EntryRanges held)
            implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onAttach(this);
        }
    }

    /**
     * Closes a consumer. {@code handed} stay with the session until they are acknowledged or released; whatever else the
     * consumer had goes back to its place uncounted.
     */
    record Detach(long command, long consumer, EntryRanges handed) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onDetach(this);
        }
    }

    /**
     * Lets the consumer receive until its {@code limit}th delivery of this {@code generation}. The limit is absolute, so
     * the frame can be repeated. A frame of an older generation is ignored.
     */
    record Credit(long consumer, long generation, long limit) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onCredit(this);
        }
    }

    /**
     * Asks the server to deliver what it has within the credit, then to revoke what credit is left and to answer with
     * {@link ServerFrame.Drained}. This is the question behind a {@code null} from a timed receive, and the end of a
     * browser's enumeration.
     */
    record Drain(long consumer, long generation, long token) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onDrain(this);
        }
    }

    /**
     * Acknowledges deliveries. When {@code transacted}, they are settled with the session's transaction. When
     * {@code forced}, somebody waits for the confirmation, so the server syncs for it; otherwise the confirmation comes
     * with the next sync that happens anyway, or within the bound for lazy syncs.
     */
    record Acknowledge(long command, long consumer, boolean transacted, boolean forced, EntryRanges entries)
            implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onAcknowledge(this);
        }
    }

    /**
     * Gives back all that the consumer holds, except what a transaction has acknowledged, and opens a new
     * {@code generation} with no credit: deliveries of older generations that are under way are void. The {@code handed}
     * ones count as attempts and come again with the redelivered flag; the rest returns to its place unchanged.
     */
    record Release(long command, long consumer, long generation, EntryRanges handed) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onRelease(this);
        }
    }

    /**
     * The session tries again what FAILED with {@link ErrorCode#BLOCKED}: its sends are judged anew from here on. Until then
     * the server refuses all of its sends outside of transactions, so that none overtakes another. Session 0 stands for
     * branches.
     */
    record Reopen(long command, long session) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onReopen(this);
        }
    }

    /** Commits the session's local transaction. */
    record Commit(long command, long session) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onCommit(this);
        }
    }

    /**
     * Rolls back the session's local transaction: its sends are dropped, its acknowledgements undone. The entries it had
     * acknowledged count as attempts and go back.
     */
    record Rollback(long command, long session) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onRollback(this);
        }
    }

    record CreateTemporary(long command, Address address) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onCreateTemporary(this);
        }
    }

    record DeleteTemporary(long command, Address address) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onDeleteTemporary(this);
        }
    }

    /** Deletes the durable subscription of this name (in the name space of the connection's client identifier). */
    record Unsubscribe(long command, String name) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onUnsubscribe(this);
        }
    }

    /** Associates the session with a branch; {@code flags} as {@code XAResource.start} has them. */
    record XaStart(long command, long session, BranchId branch, int flags) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onXaStart(this);
        }
    }

    /** Ends the association of the session with a branch; {@code flags} as {@code XAResource.end} has them. */
    record XaEnd(long command, long session, BranchId branch, int flags) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onXaEnd(this);
        }
    }

    /** Answered with {@link ServerFrame.Result}: 0 for XA_OK, 3 for XA_RDONLY. */
    record XaPrepare(long command, BranchId branch) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onXaPrepare(this);
        }
    }

    record XaCommit(long command, BranchId branch, boolean onePhase) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onXaCommit(this);
        }
    }

    record XaRollback(long command, BranchId branch) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onXaRollback(this);
        }
    }

    record XaForget(long command, BranchId branch) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onXaForget(this);
        }
    }

    /** Seconds after which an unprepared branch that this session starts from now on is rolled back; 0 for the default. */
    record XaTimeout(long command, long session, long seconds) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onXaTimeout(this);
        }
    }

    /** Asks for all prepared branches; answered with {@link ServerFrame.XaBranches} of the same token. */
    record XaRecover(long token) implements ClientFrame {
        @Override
        public void dispatch(Handler handler) {
            handler.onXaRecover(this);
        }
    }

    /** One method per frame, so that a new frame breaks the build of whoever does not handle it. */
    interface Handler {
        void onConnect(Connect frame);

        void onIdentify(Identify frame);

        void onClose(Close frame);

        void onHeartbeat(Heartbeat frame);

        void onDeclareAddress(DeclareAddress frame);

        void onOpenSession(OpenSession frame);

        void onCloseSession(CloseSession frame);

        void onSend(Send frame);

        void onUploadPiece(UploadPiece frame);

        void onDropUpload(DropUpload frame);

        void onFetchPiece(FetchPiece frame);

        void onRepeated(Repeated frame);

        void onAttach(Attach frame);

        void onDetach(Detach frame);

        void onCredit(Credit frame);

        void onDrain(Drain frame);

        void onAcknowledge(Acknowledge frame);

        void onRelease(Release frame);

        void onReopen(Reopen frame);

        void onCommit(Commit frame);

        void onRollback(Rollback frame);

        void onCreateTemporary(CreateTemporary frame);

        void onDeleteTemporary(DeleteTemporary frame);

        void onUnsubscribe(Unsubscribe frame);

        void onXaStart(XaStart frame);

        void onXaEnd(XaEnd frame);

        void onXaPrepare(XaPrepare frame);

        void onXaCommit(XaCommit frame);

        void onXaRollback(XaRollback frame);

        void onXaForget(XaForget frame);

        void onXaTimeout(XaTimeout frame);

        void onXaRecover(XaRecover frame);
    }
}
