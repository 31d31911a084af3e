package io.posthorn.engine.model;

/** A message in a queue of the model. */
final class ModelMessage {

    final long entry;
    final byte[] envelope;
    final boolean persistent;
    int attempts;
    boolean redelivered;

    /** The consumer that has it, or 0. */
    long holder;

    /** Whether a transaction has acknowledged it. */
    boolean staged;

    ModelMessage(long entry, byte[] envelope, boolean persistent, int attempts, boolean redelivered) {
        this.entry = entry;
        this.envelope = envelope;
        this.persistent = persistent;
        this.attempts = attempts;
        this.redelivered = redelivered;
    }

    ModelMessage copy() {
        return new ModelMessage(entry, envelope, persistent, attempts, redelivered);
    }

    void back(boolean counted) {
        holder = 0;
        staged = false;
        if (counted) {
            attempts++;
            redelivered = true;
        }
    }
}
