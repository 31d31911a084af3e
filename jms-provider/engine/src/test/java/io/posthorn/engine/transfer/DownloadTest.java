package io.posthorn.engine.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.Manifest;
import java.io.ByteArrayOutputStream;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A long body whose pieces come as a server happens to read them. */
class DownloadTest {

    private static final int PIECES = 6;

    private Download download;

    /** Answers each two pieces when both were asked for, the second one first, and the other once more. */
    private void answer(Supplier<ClientFrame> asked) {
        long index = ((ClientFrame.FetchPiece) asked.get()).index();
        if (index % 2 == 1) {
            for (long piece : new long[] {index, index - 1, index - 1}) {
                download.onPiece(new ServerFrame.Piece(1, 2, piece, new byte[] {(byte) piece}));
            }
        }
    }

    @Test
    void shouldPutPiecesInOrderThatOvertookOneAnother() throws Exception {
        EntryRanges.Builder numbers = new EntryRanges.Builder();
        for (long piece = 0; piece < PIECES; piece++) {
            numbers.add(100 + piece);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        download = new Download(1, 2, null, this::answer, () -> null); // it never has to wait

        download.run(Manifest.ofPieces(PIECES, numbers.build()), body::writeBytes);

        assertThat(body.toByteArray()).containsExactly(0, 1, 2, 3, 4, 5);
    }
}
