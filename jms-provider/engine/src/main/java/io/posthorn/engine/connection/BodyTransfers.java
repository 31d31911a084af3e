package io.posthorn.engine.connection;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.LongBodies;
import io.posthorn.engine.transfer.Download;
import io.posthorn.engine.transfer.Upload;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.Manifest;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The long bodies that are under way over one connection, whatever its link. */
final class BodyTransfers implements LongBodies {

    /** Bytes in a piece. */
    private static final int PIECE_LENGTH = 256 << 10;

    /** What a frame has beside an envelope, or a piece, at the most. */
    private static final int FIELDS_LENGTH_MAX = 64;

    private final ResumingConnection connection;
    private final Map<Long, Upload> uploads = new ConcurrentHashMap<>();
    private final Map<Key, Download> downloads = new ConcurrentHashMap<>();

    BodyTransfers(ResumingConnection connection) {
        this.connection = connection;
    }

    private record Key(long consumer, long entry) {}

    @Override
    public int envelopeLengthMax() {
        return (int) Math.min(Integer.MAX_VALUE, connection.greeting.server().frameLengthMax()) - FIELDS_LENGTH_MAX;
    }

    @Override
    public long upload(Source body, boolean logged) throws EngineException, IOException {
        long number = connection.nextId();
        int pieceLength = Math.min(PIECE_LENGTH, envelopeLengthMax());
        Upload upload = new Upload(number, body, logged, pieceLength, connection.patience, this::ask, connection::end);
        uploads.put(number, upload);
        boolean whole = false;
        try {
            upload.run();
            whole = true;
        } finally {
            uploads.remove(number);
            if (!whole) {
                drop(number);
            }
        }
        return number;
    }

    @Override
    public void drop(long upload) {
        ask(() -> new ClientFrame.DropUpload(upload));
    }

    @Override
    public boolean fetch(Delivery delivery, Sink sink) throws EngineException, IOException {
        ResumingConsumer consumer = (ResumingConsumer) delivery.consumer();
        Key key = new Key(consumer.ref().id(), delivery.entry());
        Download download = new Download(key.consumer(), key.entry(), connection.patience, this::ask, connection::end);
        downloads.put(key, download);
        try {
            download.run(Manifest.of(Envelope.of(delivery.envelope())), sink);
            return true;
        } catch (EngineException e) {
            if (!download.isRefused(ErrorCode.ILLEGAL_STATE)) {
                throw e;
            }
            forgo(consumer, delivery.entry());
            return false;
        } finally {
            downloads.remove(key);
        }
    }

    /** What was handed over is somebody else's, as the server says: nothing is to be said of it any more. */
    private static void forgo(ResumingConsumer consumer, long entry) {
        ResumingSession session = (ResumingSession) consumer.session();
        session.lock();
        try {
            if (consumer.holding().remove(entry)) {
                consumer.holding().takeUnlogged(EntryRanges.of(entry));
            }
        } finally {
            session.unlock();
        }
    }

    private void ask(Supplier<ClientFrame> frame) {
        connection.outbox.ask(frame);
        connection.outbox.wakeLoop(); // a piece is long
    }

    // On the event loop.

    /** There is another link. */
    void onResumed() {
        uploads.values().forEach(Upload::beginAgain);
        downloads.values().forEach(Download::beginAgain);
    }

    /** Nothing goes on any more. */
    void onEnd() {
        uploads.values().forEach(Upload::wake);
        downloads.values().forEach(Download::wake);
    }

    void onStaged(ServerFrame.Staged frame) {
        Upload upload = uploads.get(frame.upload());
        if (upload != null) {
            upload.onStaged(frame.pieces());
        }
    }

    void onUploadRefused(ServerFrame.UploadRefused frame) {
        Upload upload = uploads.get(frame.upload());
        EngineException cause = new EngineException(frame.code(), frame.text());
        if (upload != null && frame.code() == ErrorCode.BLOCKED) {
            upload.onBlocked(cause);
        } else if (upload != null) {
            upload.refuse(cause);
        }
    }

    void onPiece(ServerFrame.Piece frame) {
        Download download = downloads.get(new Key(frame.consumer(), frame.entry()));
        if (download != null) {
            download.onPiece(frame);
        }
    }

    void onPieceRefused(ServerFrame.PieceRefused frame) {
        Download download = downloads.get(new Key(frame.consumer(), frame.entry()));
        if (download != null) {
            download.refuse(new EngineException(frame.code(), frame.text()));
        }
    }
}
