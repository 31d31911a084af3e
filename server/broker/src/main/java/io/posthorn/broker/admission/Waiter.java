package io.posthorn.broker.admission;

/** A session of a connection whose send or commit was refused for now, and that is told when there is room. */
public final class Waiter {

    private final Sender sender;
    private final long session;
    private State state = State.IDLE;
    private long order;
    private long messages;
    private long bytes;
    private long toldMs;

    private enum State {
        IDLE,
        /** Stands in one line, or in several. */
        WAITING,
        /** Was told, and has not come yet. */
        TOLD,
        OVER
    }

    /** {@code session} is 0 for what belongs to no session. */
    public Waiter(Sender sender, long session) {
        this.sender = sender;
        this.session = session;
    }

    /** Whoever it is told to. */
    @FunctionalInterface
    public interface Sender {
        void unblocked(long session);
    }

    /** It tries again: the one that waits from now on, in the same place of the line, should it be refused once more. */
    public Waiter again() {
        if (state != State.WAITING) {
            return this;
        }
        state = State.OVER;
        Waiter again = new Waiter(sender, session);
        again.order = order;
        return again;
    }

    /** It was let in, or gave up: it is not told any more. */
    public void end() {
        state = State.OVER;
    }

    boolean isWaiting() {
        return state == State.WAITING;
    }

    boolean isTold() {
        return state == State.TOLD;
    }

    /** When it was told, ms since 1970. */
    long toldMs() {
        return toldMs;
    }

    /** Whoever was refused first has the lowest. */
    long order() {
        return order;
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    Waiter waitFor(long neededMessages, long neededBytes, long nextOrder) {
        messages = neededMessages;
        bytes = neededBytes;
        order = order == 0 ? nextOrder : order;
        state = State.WAITING;
        return this;
    }

    void tell(long nowMs) {
        state = State.TOLD;
        toldMs = nowMs;
        sender.unblocked(session);
    }
}
