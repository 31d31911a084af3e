package io.posthorn.broker.connection;

/** Reads pieces of long bodies. */
@FunctionalInterface
public interface PieceSource {

    /** Reads a piece by its number; the receiver is called later, or from within the call. */
    void read(long piece, Receiver receiver);

    /** Whoever asked. */
    interface Receiver {

        void onPiece(byte[] bytes);

        /** It cannot be had; {@code cause} is why. */
        void onFailed(String cause);
    }
}
