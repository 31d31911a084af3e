package io.posthorn.broker.simulation;

import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A body that travels in pieces, made from the identifier of its message so that everybody can tell whether it is whole. */
final class LongBody {

    private LongBody() {}

    static int pieceCount(String messageId) {
        return 1 + Math.floorMod(messageId.hashCode(), 4);
    }

    static byte[] piece(String messageId, int index) {
        return (messageId + "/" + index)
                .repeat(1 + Math.floorMod(messageId.hashCode() + index, 5))
                .getBytes(StandardCharsets.UTF_8);
    }

    static long length(String messageId) {
        long length = 0;
        for (int index = 0; index < pieceCount(messageId); index++) {
            length += piece(messageId, index).length;
        }
        return length;
    }

    static List<ClientFrame> upload(String messageId, long upload, boolean logged) {
        List<ClientFrame> frames = new ArrayList<>();
        for (int index = 0; index < pieceCount(messageId); index++) {
            frames.add(new ClientFrame.UploadPiece(upload, index, logged, piece(messageId, index)));
        }
        return frames;
    }

    static boolean isPiece(String messageId, long index, byte[] bytes) {
        return Arrays.equals(piece(messageId, (int) index), bytes);
    }

    /** The identifier of any message of the simulation. */
    static String messageId(Envelope envelope) {
        return envelope.bodyIsApart()
                ? envelope.messageId()
                : new String(envelope.body().readRemaining(), StandardCharsets.UTF_8);
    }

    /** Whether what was delivered names the pieces that there must be. */
    static boolean isNamed(Envelope envelope) {
        Manifest manifest = Manifest.of(envelope);
        String messageId = envelope.messageId();
        return manifest.length() == length(messageId) && manifest.pieces().count() == pieceCount(messageId);
    }
}
