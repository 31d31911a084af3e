package io.posthorn.engine.connection;

import io.posthorn.engine.delivery.CreditWindow;
import io.posthorn.engine.delivery.Intake;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.Source;

/**
 * Lets messages come to one consumer: ahead of it as far as its window is open, or one at a time for whoever waits.
 * Guarded by the session's lock, but for {@link #onArrival}.
 */
final class Credit {

    private final ResumingConsumer consumer;
    private final ResumingConnection connection;
    private final CreditWindow window;
    private final boolean browses;

    /** {@code prefetch} is how many may be ahead at most; 0 for none, but the one that somebody waits for. */
    Credit(ResumingConsumer consumer, ResumingConnection connection, int prefetch) {
        this.consumer = consumer;
        this.connection = connection;
        this.window = new CreditWindow(prefetch);
        this.browses = consumer.ref().source().mode() == Source.Mode.BROWSE;
    }

    /** Whether nothing comes unless somebody waits for it. */
    boolean isClosed() {
        return window.isClosed();
    }

    /** The taker found nothing. */
    void onEmpty() {
        if (window.isClosed()) {
            if (consumer.signal().hasListener()) {
                grantOne();
            }
        } else {
            if (consumer.intake().testUsedUp()) {
                window.grow();
            }
            topUp();
        }
    }

    /** Lets more come when half of what may be ahead is used. */
    void topUp() {
        int ahead = window.ahead();
        if (canReceive() && ahead > 0 && consumer.intake().ahead() <= ahead / 2) {
            grant(ahead);
        }
    }

    /** For a generation that has begun. */
    void restart() {
        topUp();
        if (window.isClosed() && consumer.signal().hasListener()) {
            grantOne();
        }
    }

    /** For somebody who waits. */
    void grantOne() {
        if (canReceive() && consumer.intake().ahead() == 0) {
            grant(1);
        }
    }

    private boolean canReceive() {
        return consumer.isAttached() && consumer.isOpen() && connection.isStarted() && !isAtEnd(consumer.intake());
    }

    boolean browses() {
        return browses;
    }

    /** Whether a browser has nothing more to show. On any thread. */
    boolean isAtEnd(Intake intake) {
        return browses && intake.answeredEmpty() != 0;
    }

    private void grant(int ahead) {
        Intake granted = consumer.intake();
        long limit = granted.grant(ahead);
        connection.outbox.ask(() -> {
            granted.onGrantSent(limit);
            return granted == consumer.intake()
                    ? new ClientFrame.Credit(consumer.id(), granted.generation().number(), limit)
                    : null;
        });
    }

    /** Others want what this consumer does not get to. */
    void shrink() {
        window.shrink();
    }

    /** Notes the length of a message. On the event loop. */
    void onArrival(int length) {
        window.onArrival(length);
    }
}
