package io.posthorn.wire.frame;

import io.netty.buffer.ByteBuf;

/** Writes frames as {@link FrameType} lists them, none longer than the peer takes. One instance per socket and direction. Not thread-safe. */
public final class FrameEncoder {

    /** Room for the fields before an envelope; a guess that saves growing the buffer twice. */
    private static final int FIELDS_LENGTH_GUESS = 64;

    private final FieldWriter out = new FieldWriter();
    private final ClientFields clientFields = new ClientFields();
    private final ServerFields serverFields = new ServerFields();
    private int frameLengthMax;

    /** Starts with {@link Frame#LENGTH_MAX_DEFAULT}; CONNECT and its answers are held to the handshake's limit. */
    public FrameEncoder() {
        setFrameLengthMax(Frame.LENGTH_MAX_DEFAULT);
    }

    /** Sets the longest frame that the peer takes, in bytes after the length field, as CONNECTED says it. */
    public void setFrameLengthMax(int length) {
        if (length < Frame.LENGTH_MAX_HANDSHAKE) {
            throw new IllegalArgumentException(
                    "frames of " + length + " bytes are too short; the least is " + Frame.LENGTH_MAX_HANDSHAKE);
        }
        frameLengthMax = length;
    }

    /**
     * Writes a frame whole. When it cannot (a frame longer than the peer takes is an {@link IllegalArgumentException}),
     * the writer index is where it was, and the connection can go on.
     */
    public void encode(Frame frame, ByteBuf target) {
        int start = target.writerIndex();
        boolean whole = false;
        out.target(target);
        try {
            if (frame instanceof ClientFrame client) {
                client.dispatch(clientFields);
            } else {
                ((ServerFrame) frame).dispatch(serverFields);
            }
            whole = true;
        } finally {
            if (!whole) {
                target.writerIndex(start);
            }
            out.target(null);
        }
    }

    /** What the client sends. */
    private final class ClientFields implements ClientFrame.Handler {

        @Override
        public void onConnect(ClientFrame.Connect frame) {
            out.begin(FrameType.CONNECT)
                    .uuid(frame.connection())
                    .stringOrNull(frame.clientId())
                    .stringOrNull(frame.user())
                    .stringOrNull(frame.password())
                    .varint(frame.heartbeatMs())
                    .varint(frame.knownRun())
                    .varint(frame.lastConfirmed())
                    .string(frame.product())
                    .end(Frame.LENGTH_MAX_HANDSHAKE);
        }

        @Override
        public void onIdentify(ClientFrame.Identify frame) {
            out.begin(FrameType.IDENTIFY)
                    .varint(frame.command())
                    .string(frame.clientId())
                    .end(frameLengthMax);
        }

        @Override
        public void onClose(ClientFrame.Close frame) {
            out.begin(FrameType.CLOSE).varint(frame.command()).end(frameLengthMax);
        }

        @Override
        public void onHeartbeat(ClientFrame.Heartbeat frame) {
            out.begin(FrameType.CLIENT_HEARTBEAT).end(frameLengthMax);
        }

        @Override
        public void onDeclareAddress(ClientFrame.DeclareAddress frame) {
            out.begin(FrameType.DECLARE_ADDRESS)
                    .varint(frame.alias())
                    .address(frame.address())
                    .end(frameLengthMax);
        }

        @Override
        public void onOpenSession(ClientFrame.OpenSession frame) {
            out.begin(FrameType.OPEN_SESSION)
                    .varint(frame.command())
                    .varint(frame.session())
                    .end(frameLengthMax);
        }

        @Override
        public void onCloseSession(ClientFrame.CloseSession frame) {
            out.begin(FrameType.CLOSE_SESSION)
                    .varint(frame.command())
                    .varint(frame.session())
                    .handed(frame.handed())
                    .end(frameLengthMax);
        }

        @Override
        public void onReopen(ClientFrame.Reopen frame) {
            out.begin(FrameType.REOPEN)
                    .varint(frame.command())
                    .varint(frame.session())
                    .end(frameLengthMax);
        }

        @Override
        public void onCommit(ClientFrame.Commit frame) {
            out.begin(FrameType.COMMIT)
                    .varint(frame.command())
                    .varint(frame.session())
                    .end(frameLengthMax);
        }

        @Override
        public void onRollback(ClientFrame.Rollback frame) {
            out.begin(FrameType.ROLLBACK)
                    .varint(frame.command())
                    .varint(frame.session())
                    .end(frameLengthMax);
        }

        @Override
        public void onSend(ClientFrame.Send frame) {
            byte[] envelope = frame.envelope();
            out.reserve(envelope.length + FIELDS_LENGTH_GUESS);
            out.begin(FrameType.SEND)
                    .varint(frame.command())
                    .varint(frame.session())
                    .bool(frame.transacted())
                    .bool(frame.awaited())
                    .varint(frame.alias())
                    .bytes(envelope, 0, envelope.length)
                    .end(frameLengthMax);
        }

        @Override
        public void onUploadPiece(ClientFrame.UploadPiece frame) {
            out.reserve(frame.bytes().length + FIELDS_LENGTH_GUESS);
            out.begin(FrameType.UPLOAD_PIECE)
                    .varint(frame.upload())
                    .varint(frame.index())
                    .bool(frame.logged())
                    .bytes(frame.bytes(), 0, frame.bytes().length)
                    .end(frameLengthMax);
        }

        @Override
        public void onDropUpload(ClientFrame.DropUpload frame) {
            out.begin(FrameType.DROP_UPLOAD).varint(frame.upload()).end(frameLengthMax);
        }

        @Override
        public void onFetchPiece(ClientFrame.FetchPiece frame) {
            out.begin(FrameType.FETCH_PIECE)
                    .varint(frame.consumer())
                    .varint(frame.entry())
                    .varint(frame.index())
                    .end(frameLengthMax);
        }

        @Override
        public void onRepeated(ClientFrame.Repeated frame) {
            out.begin(FrameType.REPEATED).varint(frame.command()).end(frameLengthMax);
        }

        @Override
        public void onAttach(ClientFrame.Attach frame) {
            out.begin(FrameType.ATTACH)
                    .varint(frame.command())
                    .varint(frame.session())
                    .varint(frame.consumer())
                    .varint(frame.generation())
                    .source(frame.source())
                    .ranges(frame.held())
                    .end(frameLengthMax);
        }

        @Override
        public void onDetach(ClientFrame.Detach frame) {
            out.begin(FrameType.DETACH)
                    .varint(frame.command())
                    .varint(frame.consumer())
                    .ranges(frame.handed())
                    .end(frameLengthMax);
        }

        @Override
        public void onCredit(ClientFrame.Credit frame) {
            out.begin(FrameType.CREDIT)
                    .varint(frame.consumer())
                    .varint(frame.generation())
                    .varint(frame.limit())
                    .end(frameLengthMax);
        }

        @Override
        public void onDrain(ClientFrame.Drain frame) {
            out.begin(FrameType.DRAIN)
                    .varint(frame.consumer())
                    .varint(frame.generation())
                    .varint(frame.token())
                    .end(frameLengthMax);
        }

        @Override
        public void onAcknowledge(ClientFrame.Acknowledge frame) {
            out.begin(FrameType.ACKNOWLEDGE)
                    .varint(frame.command())
                    .varint(frame.consumer())
                    .bool(frame.transacted())
                    .bool(frame.forced())
                    .ranges(frame.entries())
                    .end(frameLengthMax);
        }

        @Override
        public void onRelease(ClientFrame.Release frame) {
            out.begin(FrameType.RELEASE)
                    .varint(frame.command())
                    .varint(frame.consumer())
                    .varint(frame.generation())
                    .ranges(frame.handed())
                    .end(frameLengthMax);
        }

        @Override
        public void onCreateTemporary(ClientFrame.CreateTemporary frame) {
            out.begin(FrameType.CREATE_TEMPORARY)
                    .varint(frame.command())
                    .address(frame.address())
                    .end(frameLengthMax);
        }

        @Override
        public void onDeleteTemporary(ClientFrame.DeleteTemporary frame) {
            out.begin(FrameType.DELETE_TEMPORARY)
                    .varint(frame.command())
                    .address(frame.address())
                    .end(frameLengthMax);
        }

        @Override
        public void onUnsubscribe(ClientFrame.Unsubscribe frame) {
            out.begin(FrameType.UNSUBSCRIBE)
                    .varint(frame.command())
                    .string(frame.name())
                    .end(frameLengthMax);
        }

        @Override
        public void onXaStart(ClientFrame.XaStart frame) {
            out.begin(FrameType.XA_START)
                    .varint(frame.command())
                    .varint(frame.session())
                    .branch(frame.branch())
                    .i32(frame.flags())
                    .end(frameLengthMax);
        }

        @Override
        public void onXaEnd(ClientFrame.XaEnd frame) {
            out.begin(FrameType.XA_END)
                    .varint(frame.command())
                    .varint(frame.session())
                    .branch(frame.branch())
                    .i32(frame.flags())
                    .end(frameLengthMax);
        }

        @Override
        public void onXaPrepare(ClientFrame.XaPrepare frame) {
            out.begin(FrameType.XA_PREPARE)
                    .varint(frame.command())
                    .branch(frame.branch())
                    .end(frameLengthMax);
        }

        @Override
        public void onXaCommit(ClientFrame.XaCommit frame) {
            out.begin(FrameType.XA_COMMIT)
                    .varint(frame.command())
                    .branch(frame.branch())
                    .bool(frame.onePhase())
                    .end(frameLengthMax);
        }

        @Override
        public void onXaRollback(ClientFrame.XaRollback frame) {
            out.begin(FrameType.XA_ROLLBACK)
                    .varint(frame.command())
                    .branch(frame.branch())
                    .end(frameLengthMax);
        }

        @Override
        public void onXaForget(ClientFrame.XaForget frame) {
            out.begin(FrameType.XA_FORGET)
                    .varint(frame.command())
                    .branch(frame.branch())
                    .end(frameLengthMax);
        }

        @Override
        public void onXaTimeout(ClientFrame.XaTimeout frame) {
            out.begin(FrameType.XA_TIMEOUT)
                    .varint(frame.command())
                    .varint(frame.session())
                    .varint(frame.seconds())
                    .end(frameLengthMax);
        }

        @Override
        public void onXaRecover(ClientFrame.XaRecover frame) {
            out.begin(FrameType.XA_RECOVER).varint(frame.token()).end(frameLengthMax);
        }
    }

    /** What the server sends. */
    private final class ServerFields implements ServerFrame.Handler {

        @Override
        public void onConnected(ServerFrame.Connected frame) {
            out.begin(FrameType.CONNECTED)
                    .uuid(frame.server())
                    .varint(frame.run())
                    .string(frame.product())
                    .varint(frame.frameLengthMax())
                    .varint(frame.messageLengthMax())
                    .varint(frame.heartbeatMs())
                    .varint(frame.resumeWindowMs())
                    .varint(frame.lastCommand())
                    .bool(frame.resumed())
                    .end(Frame.LENGTH_MAX_HANDSHAKE);
        }

        @Override
        public void onRefused(ServerFrame.Refused frame) {
            out.begin(FrameType.REFUSED)
                    .error(frame.code())
                    .string(frame.text())
                    .end(Frame.LENGTH_MAX_HANDSHAKE);
        }

        @Override
        public void onClosed(ServerFrame.Closed frame) {
            out.begin(FrameType.CLOSED).error(frame.code()).string(frame.text()).end(frameLengthMax);
        }

        @Override
        public void onHeartbeat(ServerFrame.Heartbeat frame) {
            out.begin(FrameType.SERVER_HEARTBEAT).end(frameLengthMax);
        }

        @Override
        public void onConfirmed(ServerFrame.Confirmed frame) {
            out.begin(FrameType.CONFIRMED).varint(frame.command()).end(frameLengthMax);
        }

        @Override
        public void onFailed(ServerFrame.Failed frame) {
            out.begin(FrameType.FAILED)
                    .varint(frame.command())
                    .error(frame.code())
                    .string(frame.text())
                    .end(frameLengthMax);
        }

        @Override
        public void onResult(ServerFrame.Result frame) {
            out.begin(FrameType.RESULT)
                    .varint(frame.command())
                    .varint(frame.value())
                    .end(frameLengthMax);
        }

        @Override
        public void onDeliver(ServerFrame.Deliver frame) {
            byte[] envelope = frame.envelope();
            out.reserve(envelope.length + FIELDS_LENGTH_GUESS);
            out.begin(FrameType.DELIVER)
                    .varint(frame.consumer())
                    .varint(frame.generation())
                    .varint(frame.entry())
                    .varint(frame.attempts())
                    .bool(frame.redelivered())
                    .bytes(envelope, 0, envelope.length)
                    .end(frameLengthMax);
        }

        @Override
        public void onStaged(ServerFrame.Staged frame) {
            out.begin(FrameType.STAGED)
                    .varint(frame.upload())
                    .varint(frame.pieces())
                    .end(frameLengthMax);
        }

        @Override
        public void onUploadRefused(ServerFrame.UploadRefused frame) {
            out.begin(FrameType.UPLOAD_REFUSED)
                    .varint(frame.upload())
                    .error(frame.code())
                    .string(frame.text())
                    .end(frameLengthMax);
        }

        @Override
        public void onPiece(ServerFrame.Piece frame) {
            out.reserve(frame.bytes().length + FIELDS_LENGTH_GUESS);
            out.begin(FrameType.PIECE)
                    .varint(frame.consumer())
                    .varint(frame.entry())
                    .varint(frame.index())
                    .bytes(frame.bytes(), 0, frame.bytes().length)
                    .end(frameLengthMax);
        }

        @Override
        public void onPieceRefused(ServerFrame.PieceRefused frame) {
            out.begin(FrameType.PIECE_REFUSED)
                    .varint(frame.consumer())
                    .varint(frame.entry())
                    .error(frame.code())
                    .string(frame.text())
                    .end(frameLengthMax);
        }

        @Override
        public void onUnblocked(ServerFrame.Unblocked frame) {
            out.begin(FrameType.UNBLOCKED).varint(frame.session()).end(frameLengthMax);
        }

        @Override
        public void onDrained(ServerFrame.Drained frame) {
            out.begin(FrameType.DRAINED)
                    .varint(frame.consumer())
                    .varint(frame.generation())
                    .varint(frame.token())
                    .end(frameLengthMax);
        }

        @Override
        public void onRecall(ServerFrame.Recall frame) {
            out.begin(FrameType.RECALL)
                    .varint(frame.consumer())
                    .varint(frame.generation())
                    .end(frameLengthMax);
        }

        @Override
        public void onConsumerClosed(ServerFrame.ConsumerClosed frame) {
            out.begin(FrameType.CONSUMER_CLOSED)
                    .varint(frame.consumer())
                    .error(frame.code())
                    .string(frame.text())
                    .end(frameLengthMax);
        }

        @Override
        public void onXaBranches(ServerFrame.XaBranches frame) {
            out.begin(FrameType.XA_BRANCHES)
                    .varint(frame.token())
                    .bool(frame.last())
                    .branches(frame.branches())
                    .end(frameLengthMax);
        }

        @Override
        public void onXaOver(ServerFrame.XaOver frame) {
            out.begin(FrameType.XA_OVER).branch(frame.branch()).end(frameLengthMax);
        }
    }
}
