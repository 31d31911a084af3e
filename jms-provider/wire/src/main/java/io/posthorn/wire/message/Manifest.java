package io.posthorn.wire.message;

import io.posthorn.wire.frame.EntryRanges;
import java.util.Objects;

/**
 * What stands in an envelope in the place of a body that is apart, in pieces. A sender names the upload by which the pieces
 * came; the server puts the numbers of the pieces in its place, in their order, which mean something to it alone. Layout:
 * {@code i64} length of the body, varint upload, varint count of ranges, and for each range its first number and the
 * distance to its last, both varint. Immutable.
 */
public final class Manifest {

    /** Most pieces of a body: so many of 256 KiB are 256 GiB. */
    public static final int PIECES_MAX = 1 << 20;

    private final long length;
    private final long upload;
    private final EntryRanges pieces;

    private Manifest(long length, long upload, EntryRanges pieces) {
        this.length = length;
        this.upload = upload;
        this.pieces = pieces;
    }

    /** For a sender: the body, of so many bytes, came by this upload. */
    public static Manifest ofUpload(long length, long upload) {
        return new Manifest(length, upload, EntryRanges.NONE);
    }

    /** For a server: the body is in these pieces. */
    public static Manifest ofPieces(long length, EntryRanges pieces) {
        return new Manifest(length, 0, Objects.requireNonNull(pieces, "pieces"));
    }

    /** Reads it; a {@link MalformedException} when there is none, or it makes no sense. */
    public static Manifest of(Envelope envelope) {
        if (!envelope.bodyIsApart()) {
            throw new MalformedException("the body of the message is not apart");
        }
        return decode(envelope.body());
    }

    /** Reads what {@link #encode} wrote. */
    public static Manifest decode(byte[] bytes) {
        return decode(new ByteReader(bytes, 0, bytes.length));
    }

    private static Manifest decode(ByteReader in) {
        long length = in.readLong();
        long upload = in.readVarint();
        EntryRanges.Builder pieces = new EntryRanges.Builder();
        long before = -1;
        long total = 0;
        for (int count = in.readLength(); count > 0; count--) {
            long first = in.readVarint();
            long span = in.readVarint();
            total += span + 1;
            boolean fits = span >= 0 && span < PIECES_MAX && total <= PIECES_MAX;
            if (!fits || first <= before || first > EntryRanges.ENTRY_MAX - span) {
                throw new MalformedException("pieces of a body that are not in order");
            }
            before = first + span;
            for (long piece = first; piece <= before; piece++) {
                pieces.add(piece);
            }
        }
        if (length < 0 || in.hasRemaining()) {
            throw new MalformedException("a body of " + length + " bytes that is apart");
        }
        return new Manifest(length, upload, pieces.build());
    }

    /** The bytes that stand in the place of the body. */
    public byte[] encode() {
        ByteWriter out = new ByteWriter(32);
        out.writeLong(length);
        out.writeVarint(upload);
        out.writeVarint(pieces.rangeCount());
        for (int range = 0; range < pieces.rangeCount(); range++) {
            out.writeVarint(pieces.first(range));
            out.writeVarint(pieces.last(range) - pieces.first(range));
        }
        return out.toByteArray();
    }

    /** The length of the body in bytes. */
    public long length() {
        return length;
    }

    /** The sender's number for the row of pieces; 0 in what a server delivers. */
    public long upload() {
        return upload;
    }

    /** The server's numbers of the pieces, ascending; empty in what a sender sends. */
    public EntryRanges pieces() {
        return pieces;
    }
}
