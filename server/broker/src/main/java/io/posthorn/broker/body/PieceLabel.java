package io.posthorn.broker.body;

import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import io.posthorn.wire.message.MalformedException;
import java.util.UUID;

/**
 * Whose piece it is. A piece stands in a log as a message whose body it is; this is that message's correlation identifier:
 * 16 bytes of connection, {@code i64} upload, {@code i64} index.
 */
public record PieceLabel(UUID connection, long upload, long index) {

    private static final int LENGTH = 32;

    /** The piece as a message. */
    public Envelope wrap(byte[] piece, boolean logged) {
        ByteWriter out = new ByteWriter(LENGTH);
        out.writeLong(connection.getMostSignificantBits());
        out.writeLong(connection.getLeastSignificantBits());
        out.writeLong(upload);
        out.writeLong(index);
        return new EnvelopeBuilder()
                .persistent(logged)
                .correlationBytes(out.toByteArray())
                .body(BodyKind.BYTES, piece, piece.length)
                .build();
    }

    /** What the message of a piece says. */
    public static PieceLabel of(Envelope piece) {
        byte[] label = piece.correlationBytes();
        if (label == null || label.length != LENGTH) {
            throw new MalformedException("a piece of a body without a label");
        }
        ByteReader in = new ByteReader(label, 0, label.length);
        return new PieceLabel(new UUID(in.readLong(), in.readLong()), in.readLong(), in.readLong());
    }
}
