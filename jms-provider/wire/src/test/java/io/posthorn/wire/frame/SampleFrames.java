package io.posthorn.wire.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Frames for tests: one ordinary one for each row of the table, and those with values at the edges. */
final class SampleFrames {

    static final UUID ID = new UUID(0x0123456789ABCDEFL, 0x8877665544332211L);
    static final BranchId BRANCH = new BranchId(0x1234, new byte[] {1, 2, 3}, new byte[] {(byte) 0xFF});
    static final BranchId BRANCH_LONGEST = new BranchId(-1, filled(64, 0xAA), filled(64, 0x55));
    static final BranchId BRANCH_SHORTEST = new BranchId(Integer.MIN_VALUE, new byte[0], new byte[0]);
    static final EntryRanges RANGES = ranges(0, 1, 2, 7, 300, 301);
    static final EntryRanges RANGES_WIDEST = EntryRanges.ofBounds(
            new long[] {0, 0, 2, 2, 4, Long.MAX_VALUE / 2, EntryRanges.ENTRY_MAX, EntryRanges.ENTRY_MAX});
    static final Source SOURCE = new Source(
            Address.topic("prices.\u20AC"), Source.Mode.CONSUME, "night shift", true, false, true, "price > 3");

    private SampleFrames() {}

    /** One per row of the table, by its name, in the order of the table. */
    static Map<FrameType, Frame> ordinary() {
        Map<FrameType, Frame> all = new LinkedHashMap<>();
        all.put(
                FrameType.CONNECT,
                new ClientFrame.Connect(
                        ID, "desk-7", "anna", "s3cret", 15_000, 0x1122334455667788L, 42, "Posthorn 1.0"));
        all.put(FrameType.IDENTIFY, new ClientFrame.Identify(1, "desk-7"));
        all.put(FrameType.CLOSE, new ClientFrame.Close(300));
        all.put(FrameType.CLIENT_HEARTBEAT, new ClientFrame.Heartbeat());
        all.put(FrameType.DECLARE_ADDRESS, new ClientFrame.DeclareAddress(5, Address.queue("orders")));
        all.put(FrameType.OPEN_SESSION, new ClientFrame.OpenSession(2, 1));
        all.put(
                FrameType.CLOSE_SESSION,
                new ClientFrame.CloseSession(
                        9,
                        1,
                        List.of(new ClientFrame.Handed(3, RANGES), new ClientFrame.Handed(4, EntryRanges.of(8)))));
        all.put(FrameType.COMMIT, new ClientFrame.Commit(10, 1));
        all.put(FrameType.ROLLBACK, new ClientFrame.Rollback(11, 1));
        all.put(FrameType.SEND, new ClientFrame.Send(12, 1, true, false, 5, new byte[] {1, 2, 3, 4}));
        all.put(FrameType.UPLOAD_PIECE, new ClientFrame.UploadPiece(6, 2, true, new byte[] {9, 8, 7}));
        all.put(FrameType.DROP_UPLOAD, new ClientFrame.DropUpload(6));
        all.put(FrameType.REOPEN, new ClientFrame.Reopen(28, 1));
        all.put(FrameType.REPEATED, new ClientFrame.Repeated(300));
        all.put(FrameType.ATTACH, new ClientFrame.Attach(14, 1, 3, 2, SOURCE, RANGES));
        all.put(FrameType.DETACH, new ClientFrame.Detach(15, 3, EntryRanges.of(127)));
        all.put(FrameType.CREDIT, new ClientFrame.Credit(3, 2, 128));
        all.put(FrameType.DRAIN, new ClientFrame.Drain(3, 2, 77));
        all.put(FrameType.ACKNOWLEDGE, new ClientFrame.Acknowledge(16, 3, false, true, RANGES));
        all.put(FrameType.RELEASE, new ClientFrame.Release(17, 3, 3, RANGES));
        all.put(FrameType.FETCH_PIECE, new ClientFrame.FetchPiece(3, 302, 4));
        all.put(
                FrameType.CREATE_TEMPORARY,
                new ClientFrame.CreateTemporary(18, new Address(Address.Kind.TEMPORARY_QUEUE, "tmp-1")));
        all.put(
                FrameType.DELETE_TEMPORARY,
                new ClientFrame.DeleteTemporary(19, new Address(Address.Kind.TEMPORARY_TOPIC, "tmp-2")));
        all.put(FrameType.UNSUBSCRIBE, new ClientFrame.Unsubscribe(20, "night shift"));
        all.put(FrameType.XA_START, new ClientFrame.XaStart(21, 1, BRANCH, 0x00200000));
        all.put(FrameType.XA_END, new ClientFrame.XaEnd(22, 1, BRANCH, 0x04000000));
        all.put(FrameType.XA_PREPARE, new ClientFrame.XaPrepare(23, BRANCH));
        all.put(FrameType.XA_COMMIT, new ClientFrame.XaCommit(24, BRANCH, true));
        all.put(FrameType.XA_ROLLBACK, new ClientFrame.XaRollback(25, BRANCH));
        all.put(FrameType.XA_FORGET, new ClientFrame.XaForget(26, BRANCH));
        all.put(FrameType.XA_TIMEOUT, new ClientFrame.XaTimeout(27, 1, 300));
        all.put(FrameType.XA_RECOVER, new ClientFrame.XaRecover(78));
        all.put(
                FrameType.CONNECTED,
                new ServerFrame.Connected(ID, 99, "Posthorn 1.0", 1 << 20, 64 << 20, 15_000, 30_000, 41, true));
        all.put(FrameType.REFUSED, new ServerFrame.Refused(ErrorCode.SECURITY, "wrong password for 'anna'"));
        all.put(FrameType.CLOSED, new ServerFrame.Closed(ErrorCode.STOPPING, "stopping"));
        all.put(FrameType.SERVER_HEARTBEAT, new ServerFrame.Heartbeat());
        all.put(FrameType.CONFIRMED, new ServerFrame.Confirmed(16_384));
        all.put(FrameType.FAILED, new ServerFrame.Failed(12, ErrorCode.RESOURCE_LIMIT, "too long"));
        all.put(FrameType.RESULT, new ServerFrame.Result(23, 3));
        all.put(FrameType.STAGED, new ServerFrame.Staged(6, 3));
        all.put(FrameType.UPLOAD_REFUSED, new ServerFrame.UploadRefused(6, ErrorCode.RESOURCE_LIMIT, "too long"));
        all.put(FrameType.UNBLOCKED, new ServerFrame.Unblocked(1));
        all.put(FrameType.DELIVER, new ServerFrame.Deliver(3, 2, 301, 1, true, new byte[] {5, 6, 7}));
        all.put(FrameType.PIECE, new ServerFrame.Piece(3, 302, 4, new byte[] {5, 6}));
        all.put(FrameType.PIECE_REFUSED, new ServerFrame.PieceRefused(3, 302, ErrorCode.ILLEGAL_STATE, "gone"));
        all.put(FrameType.DRAINED, new ServerFrame.Drained(3, 2, 77));
        all.put(FrameType.RECALL, new ServerFrame.Recall(3, 2));
        all.put(FrameType.CONSUMER_CLOSED, new ServerFrame.ConsumerClosed(3, ErrorCode.INVALID_DESTINATION, "gone"));
        all.put(FrameType.XA_BRANCHES, new ServerFrame.XaBranches(78, true, List.of(BRANCH, BRANCH_LONGEST)));
        all.put(FrameType.XA_OVER, new ServerFrame.XaOver(BRANCH));
        return all;
    }

    /** Values at the edges: nulls, nothing at all, the highest numbers, the longest parts. */
    static List<Frame> edges() {
        String everyWidth = "a\u00E9\u20AC\uD83D\uDCEF";
        return List.of(
                new ClientFrame.Connect(ID, null, null, null, 0, 0, 0, ""),
                new ClientFrame.Connect(new UUID(-1, 0), "", "", "", -1, Long.MIN_VALUE, Long.MAX_VALUE, everyWidth),
                new ClientFrame.Identify(Long.MAX_VALUE, "x".repeat(20_000)),
                new ClientFrame.Close(-1),
                new ClientFrame.DeclareAddress(0, Address.topic("")),
                new ClientFrame.CloseSession(1, 0, List.of()),
                new ClientFrame.CloseSession(1, -1, List.of(new ClientFrame.Handed(-1, EntryRanges.NONE))),
                new ClientFrame.Send(-1, -1, false, true, -1, new byte[0]),
                new ClientFrame.Attach(-1, -1, -1, -1, Source.queue(Address.queue(everyWidth), null), EntryRanges.NONE),
                new ClientFrame.Attach(1, 1, 1, 1, Source.browse(Address.queue("q"), ""), RANGES_WIDEST),
                new ClientFrame.Attach(
                        1,
                        1,
                        1,
                        1,
                        new Source(Address.topic("t"), Source.Mode.CLAIM, "", false, true, false, everyWidth),
                        EntryRanges.of(EntryRanges.ENTRY_MAX)),
                new ClientFrame.Acknowledge(127, 128, true, false, EntryRanges.NONE),
                new ClientFrame.Acknowledge(16_383, 16_384, true, true, EntryRanges.of(0)),
                new ClientFrame.XaStart(1, 1, BRANCH_LONGEST, -1),
                new ClientFrame.XaEnd(1, 1, BRANCH_SHORTEST, Integer.MIN_VALUE),
                new ClientFrame.XaTimeout(1, 1, Long.MAX_VALUE),
                new ServerFrame.Connected(ID, -1, "", Frame.LENGTH_MAX_HANDSHAKE, -1, -1, -1, -1, false),
                new ServerFrame.Connected(ID, 0, everyWidth, Integer.MAX_VALUE, 0, 0, 0, 0, true),
                new ServerFrame.Refused(ErrorCode.INTERNAL, ""),
                new ServerFrame.Result(1, -1),
                new ServerFrame.Result(1, Long.MIN_VALUE),
                new ServerFrame.Deliver(-1, -1, EntryRanges.ENTRY_MAX, Integer.MAX_VALUE, false, new byte[0]),
                new ServerFrame.XaBranches(-1, true, List.of()),
                new ServerFrame.XaBranches(0, false, List.of(BRANCH_SHORTEST, BRANCH_LONGEST)));
    }

    static EntryRanges ranges(long... entries) {
        EntryRanges.Builder builder = new EntryRanges.Builder();
        for (long entry : entries) {
            builder.add(entry);
        }
        return builder.build();
    }

    static ByteBuf encoded(Frame frame) {
        ByteBuf out = Unpooled.buffer();
        new FrameEncoder().encode(frame, out);
        return out;
    }

    static String hex(Frame frame) {
        return ByteBufUtil.hexDump(encoded(frame));
    }

    static FrameType typeOf(ByteBuf frame) {
        return FrameType.of(frame.getByte(frame.readerIndex() + 4) & 0xFF);
    }

    static FrameType.Side sideOf(Frame frame) {
        return frame instanceof ClientFrame ? FrameType.Side.CLIENT : FrameType.Side.SERVER;
    }

    static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
