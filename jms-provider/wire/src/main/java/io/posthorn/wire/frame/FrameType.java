package io.posthorn.wire.frame;

import io.posthorn.wire.message.MalformedException;

/**
 * The table of the protocol: one constant per frame, with its number, its fields in the order in which they are written,
 * the first version of the protocol that has it, and its purpose. {@link FrameEncoder} and {@link FrameDecoder} follow
 * this table, {@code docs/protocol.md} repeats it, and tests hold the three together. A published row never changes: a
 * frame that needs other fields gets another number.
 *
 * <p>A field is written as {@code name:type}. The types: {@code u8} and {@code i32} big-endian; {@code varint} unsigned
 * LEB128 of at most 64 bits; {@code bool} a {@code u8} of 0 or 1; {@code uuid} 16 bytes; {@code string} a varint of the
 * length in bytes and UTF-8; {@code string?} the same with the length plus one, where 0 is null; {@code error} the varint
 * number of an {@link ErrorCode}; {@code address} a {@code u8} kind and a string; {@code ranges} a varint count, and for
 * each range the distance from the last entry of the range before it (for the first range: the entry itself) and the
 * distance from its first to its last entry; {@code branch} an {@code i32} format and two parts, each a {@code u8} length of at most 64 and bytes;
 * {@code source} the parts of a {@link Source} in order; {@code handed[]} and {@code branch[]} a varint count and the
 * items; {@code rest} all bytes up to the end of the frame.
 */
public enum FrameType {
    // The connection
    CONNECT(
            1,
            "connection:uuid clientId:string? user:string? password:string? heartbeatMs:varint knownRun:varint"
                    + " lastConfirmed:varint product:string",
            1,
            "Opens a connection or resumes it; first frame of every socket."),
    IDENTIFY(2, "command:varint clientId:string", 1, "Claims a client identifier after connecting."),
    CLOSE(3, "command:varint", 1, "Ends the connection for good."),
    CLIENT_HEARTBEAT(4, "", 1, "Proof of life while the client has nothing else to send."),
    DECLARE_ADDRESS(5, "alias:varint address:address", 1, "Names a destination by a number for this socket."),

    // Sessions and local transactions
    OPEN_SESSION(8, "command:varint session:varint", 1, "Opens a session."),
    CLOSE_SESSION(
            9,
            "command:varint session:varint handed:handed[]",
            1,
            "Ends a session, rolls back its local transaction and gives back what it holds."),
    COMMIT(10, "command:varint session:varint", 1, "Commits the local transaction of a session."),
    ROLLBACK(11, "command:varint session:varint", 1, "Rolls back the local transaction of a session."),

    // Sending
    SEND(
            16,
            "command:varint session:varint transacted:bool awaited:bool alias:varint envelope:rest",
            1,
            "Sends one message."),
    UPLOAD_PIECE(
            19,
            "upload:varint index:varint logged:bool bytes:rest",
            1,
            "One piece of a body that is longer than a frame, ahead of its SEND; answered with STAGED."),
    DROP_UPLOAD(20, "upload:varint", 1, "The message of these pieces will not be sent."),
    REOPEN(
            21,
            "command:varint session:varint",
            1,
            "Tries again what was blocked in a session: its sends are taken again."),
    REPEATED(
            23,
            "command:varint",
            1,
            "An earlier run of the server may have delivered what this command will send, or had its branch."),

    // Consuming
    ATTACH(
            24,
            "command:varint session:varint consumer:varint generation:varint source:source held:ranges",
            1,
            "Opens a consumer, or claims it again after a reconnect."),
    DETACH(25, "command:varint consumer:varint handed:ranges", 1, "Closes a consumer."),
    CREDIT(
            26,
            "consumer:varint generation:varint limit:varint",
            1,
            "Lets a consumer receive until its limit-th delivery of this generation."),
    DRAIN(
            27,
            "consumer:varint generation:varint token:varint",
            1,
            "Asks for what there is within the credit, then revokes the credit."),
    ACKNOWLEDGE(
            28,
            "command:varint consumer:varint transacted:bool forced:bool entries:ranges",
            1,
            "Acknowledges deliveries."),
    RELEASE(
            29,
            "command:varint consumer:varint generation:varint handed:ranges",
            1,
            "Gives back all that a consumer holds and opens a new generation."),
    FETCH_PIECE(
            30,
            "consumer:varint entry:varint index:varint",
            1,
            "Asks for one piece of the body of a message that was delivered without it; answered with PIECE."),

    // Destinations and subscriptions
    CREATE_TEMPORARY(36, "command:varint address:address", 1, "Creates a temporary destination."),
    DELETE_TEMPORARY(37, "command:varint address:address", 1, "Deletes a temporary destination."),
    UNSUBSCRIBE(38, "command:varint name:string", 1, "Deletes a durable subscription."),

    // Global transactions
    XA_START(
            48,
            "command:varint session:varint branch:branch flags:i32",
            1,
            "Associates a session with a transaction branch."),
    XA_END(49, "command:varint session:varint branch:branch flags:i32", 1, "Ends that association."),
    XA_PREPARE(50, "command:varint branch:branch", 1, "Prepares a branch; answered with RESULT."),
    XA_COMMIT(51, "command:varint branch:branch onePhase:bool", 1, "Commits a branch."),
    XA_ROLLBACK(52, "command:varint branch:branch", 1, "Rolls back a branch."),
    XA_FORGET(53, "command:varint branch:branch", 1, "Forgets a branch that was completed heuristically."),
    XA_TIMEOUT(
            54,
            "command:varint session:varint seconds:varint",
            1,
            "Sets the timeout of the branches that a session starts from now on."),
    XA_RECOVER(55, "token:varint", 1, "Asks for all prepared branches; answered with XA_BRANCHES."),

    // Answers about the connection
    CONNECTED(
            64,
            "server:uuid run:varint product:string frameLengthMax:varint messageLengthMax:varint heartbeatMs:varint"
                    + " resumeWindowMs:varint lastCommand:varint resumed:bool",
            1,
            "Accepts a connection and says what holds on it."),
    REFUSED(65, "code:error text:string", 1, "Refuses a connection; the socket is closed after it."),
    CLOSED(66, "code:error text:string", 1, "The server ends the connection; the socket is closed after it."),
    SERVER_HEARTBEAT(67, "", 1, "Proof of life while the server has nothing else to send."),

    // Answers to commands
    CONFIRMED(72, "command:varint", 1, "All commands up to this one are done."),
    FAILED(73, "command:varint code:error text:string", 1, "The command had no effect, for this reason."),
    RESULT(74, "command:varint value:varint", 1, "What the command returned."),

    // Answers about long bodies
    STAGED(75, "upload:varint pieces:varint", 1, "The server has this many pieces, from the first one on."),
    UPLOAD_REFUSED(
            76,
            "upload:varint code:error text:string",
            1,
            "The pieces are not taken, for good (those that came are dropped) or, BLOCKED, for now."),

    // Answers about blocked senders
    UNBLOCKED(77, "session:varint", 1, "What was blocked in a session may be tried again."),

    // Delivering
    DELIVER(
            80,
            "consumer:varint generation:varint entry:varint attempts:varint redelivered:bool envelope:rest",
            1,
            "One message for a consumer."),
    PIECE(83, "consumer:varint entry:varint index:varint bytes:rest", 1, "One piece of a long body."),
    PIECE_REFUSED(
            84, "consumer:varint entry:varint code:error text:string", 1, "The pieces of this body cannot be had."),
    DRAINED(
            88,
            "consumer:varint generation:varint token:varint",
            1,
            "All that there was is delivered; the credit is zero."),
    RECALL(89, "consumer:varint generation:varint", 1, "Asks a consumer to release what it has not started."),
    CONSUMER_CLOSED(90, "consumer:varint code:error text:string", 1, "The server closed a consumer."),

    // Answers about global transactions
    XA_BRANCHES(
            112,
            "token:varint last:bool branches:branch[]",
            1,
            "Prepared branches; more of them follow under the same token until the last frame."),
    XA_OVER(113, "branch:branch", 1, "A branch that the client worked in is prepared or over, by the word of another.");

    /** Numbers below this one are the client's, the others up to {@link #NUMBER_END} the server's. */
    private static final int NUMBER_SERVER = 64;

    private static final int NUMBER_END = 128;

    private static final FrameType[] BY_NUMBER = new FrameType[NUMBER_END];

    static {
        for (FrameType type : values()) {
            if (BY_NUMBER[type.number] != null) {
                throw new IllegalStateException(type + " and " + BY_NUMBER[type.number] + " have one number");
            }
            BY_NUMBER[type.number] = type;
        }
    }

    private final int number;
    private final String fields;
    private final int since;
    private final String purpose;

    FrameType(int number, String fields, int since, String purpose) {
        this.number = number;
        this.fields = fields;
        this.since = since;
        this.purpose = purpose;
    }

    /** The number on the wire: 1 to 63 for frames of the client, 64 to 127 for frames of the server. */
    public int number() {
        return number;
    }

    /** Who sends it. */
    public Side side() {
        return number < NUMBER_SERVER ? Side.CLIENT : Side.SERVER;
    }

    /** The fields in the order of the wire, {@code name:type}, separated by single spaces; empty when there are none. */
    public String fields() {
        return fields;
    }

    /** The first version of the protocol that has this frame. */
    public int since() {
        return since;
    }

    /** What it is for, in one sentence. */
    public String purpose() {
        return purpose;
    }

    /** The frame of this number; a {@link MalformedException} when this version has none. */
    public static FrameType of(int number) {
        FrameType type = number >= 0 && number < NUMBER_END ? BY_NUMBER[number] : null;
        if (type == null) {
            throw new MalformedException("unknown frame type " + number + "; version " + Preface.VERSION
                    + " of the protocol does not have it");
        }
        return type;
    }

    /** The two ends of a connection. */
    public enum Side {
        CLIENT("client"),
        SERVER("server");

        private final String label;

        Side(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }
}
