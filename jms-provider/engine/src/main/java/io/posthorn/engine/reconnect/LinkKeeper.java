package io.posthorn.engine.reconnect;

import io.posthorn.engine.ConnectionOptions;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.transport.Link;
import io.posthorn.engine.transport.LinkListener;
import io.posthorn.engine.transport.Transport;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection on a link. Runs on the event loop; only {@link #state} may be read elsewhere.
 *
 * <pre>
 *     rounds or time are up, or refused           time or attempts are up, or refused for good
 *  FIRST ------------------------------> ENDED <------------------------------- DOWN
 *    |                                     ^                                   |    ^
 *    +-- CONNECTED --> UP -- end() --------+             UP <---- CONNECTED ---+    |
 *                       +---- the link ended ---------------------------------------+
 * </pre>
 */
public final class LinkKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(LinkKeeper.class);

    private final Transport transport;
    private final ConnectionOptions options;
    private final Owner owner;
    private final RandomGenerator chance;
    private final Backoff backoff;
    private final List<EngineException> firstFailures = new ArrayList<>();
    private final List<String> firstAddresses = new ArrayList<>();

    private Phase phase = Phase.FIRST;
    private Attempt attempt;
    private int addressIndex;

    /** Attempts since the last pause. */
    private int triedInRound;

    /** Of the first connect: how many have failed, and when the first began. */
    private int firstRounds;

    private long firstSinceNs;

    /** Null while there is a link. */
    private volatile Interruption interruption;

    /** Of the link; null before the first. */
    private volatile String address;

    public LinkKeeper(Transport transport, ConnectionOptions options, RandomGenerator chance, Owner owner) {
        this.transport = transport;
        this.options = options;
        this.owner = owner;
        this.chance = chance;
        this.backoff = new Backoff(options.initialReconnectDelayMs(), options.maxReconnectDelayMs(), chance);
    }

    /** Whose link it is. Called on the event loop. */
    public interface Owner {

        ClientFrame.Connect greeting();

        /** A server has accepted the greeting. Returns why the connection must not go on with it, or null. */
        EngineException onConnected(Link link, ServerFrame.Connected connected, String address);

        void onFrame(ServerFrame frame);

        void onBurstEnd();

        /** The link has ended; attempts to get another begin. */
        void onInterrupted(String cause);

        /** There will be no link any more. */
        void onGivenUp(EngineException cause);
    }

    private enum Phase {
        FIRST,
        UP,
        DOWN,
        ENDED
    }

    /** Tries each address once, and again if the options say so. */
    public void start() {
        firstSinceNs = transport.nanoTime();
        addressIndex = options.randomize() ? chance.nextInt(transport.addressCount()) : 0;
        tryAddress();
    }

    /** Closes the link, if there is one, and makes no other. The owner is not told. */
    public void end() {
        phase = Phase.ENDED;
        if (attempt != null) {
            attempt.abandon();
        }
    }

    /** How the link is, for errors: "connected to ...", "interrupted since ...". */
    public String state() {
        Interruption now = interruption;
        if (now != null) {
            return now.toString();
        }
        return address == null ? "not connected yet" : "connected to " + address;
    }

    private void tryAddress() {
        if (phase == Phase.ENDED) {
            return;
        }
        Attempt next = new Attempt(addressIndex, attemptTimeoutMs());
        attempt = next;
        transport.schedule(next::expire, next.timeoutMs);
        transport.connect(addressIndex, next);
    }

    private long attemptTimeoutMs() {
        return Math.max(1, Math.min(options.connectTimeoutMs(), leftMs()));
    }

    /** What is left of the time for connecting, or for resuming. */
    private long leftMs() {
        if (phase != Phase.FIRST) {
            return leftMs(options.reconnectTimeoutMs(), interruption.sinceNs());
        }
        boolean once = options.initialConnectAttempts() == 1;
        return once ? Long.MAX_VALUE : leftMs(options.initialConnectTimeoutMs(), firstSinceNs);
    }

    /** Which option says that an attempt may take no longer than that, for errors. */
    private String whyNotLonger(long timeoutMs) {
        if (timeoutMs >= options.connectTimeoutMs()) {
            return " (connectTimeout)";
        }
        return phase == Phase.FIRST
                ? ", all that was left of initialConnectTimeout"
                : ", all that was left of reconnectTimeout";
    }

    private long leftMs(long timeoutMs, long sinceNs) {
        long goneNs = transport.nanoTime() - sinceNs;
        return timeoutMs == 0 ? Long.MAX_VALUE : timeoutMs - TimeUnit.NANOSECONDS.toMillis(goneNs);
    }

    private void onAttemptEnded(int index, EngineException cause) {
        switch (phase) {
            case FIRST -> onFirstFailed(index, cause);
            case UP -> onInterrupted(cause);
            case DOWN -> onFailedAgain(index, cause);
            case ENDED -> LOG.debug("The link ended after the connection: {}", cause.getMessage());
        }
    }

    private void onFirstFailed(int index, EngineException cause) {
        String at = transport.addressText(index);
        if (cause.code() == ErrorCode.SECURITY || cause.code() == ErrorCode.INVALID_CLIENT_ID) {
            giveUp(new EngineException(cause.code(), at + ": " + cause.getMessage(), cause));
            return;
        }
        firstFailures.add(cause);
        firstAddresses.add(at);
        nextAddress();
        if (firstFailures.size() < transport.addressCount() && leftMs() > 0) {
            tryAddress();
        } else {
            onFirstRoundFailed();
        }
    }

    private void onFirstRoundFailed() {
        firstRounds++;
        EngineException all = allFailed();
        int roundsMax = options.initialConnectAttempts();
        if (isFinal(all.code()) || roundsMax >= 0 && firstRounds >= roundsMax || leftMs() <= 0) {
            giveUp(all);
            return;
        }
        if (firstRounds == 1) {
            LOG.info("{}; trying again", all.getMessage());
        }
        firstFailures.clear();
        firstAddresses.clear();
        transport.schedule(this::tryAddress, Math.min(backoff.nextMs(), leftMs()));
    }

    private EngineException allFailed() {
        StringBuilder text = new StringBuilder("no connection");
        if (options.initialConnectAttempts() != 1) {
            long goneNs = transport.nanoTime() - firstSinceNs;
            text.append(" after ")
                    .append(firstRounds)
                    .append(" rounds in ")
                    .append(TimeUnit.NANOSECONDS.toMillis(goneNs))
                    .append(" ms (initialConnectAttempts, initialConnectTimeout)");
        }
        text.append(':');
        ErrorCode code = firstFailures.get(0).code();
        for (int index = 0; index < firstFailures.size(); index++) {
            EngineException failure = firstFailures.get(index);
            text.append(index == 0 ? " " : "; ")
                    .append(firstAddresses.get(index))
                    .append(": ")
                    .append(failure.getMessage());
            if (failure.code() != code) {
                code = ErrorCode.CONNECTION_LOST;
            }
        }
        return new EngineException(
                isFinal(code) ? code : ErrorCode.CONNECTION_LOST, text.toString(), firstFailures.get(0));
    }

    private void onInterrupted(EngineException cause) {
        phase = Phase.DOWN;
        interruption = new Interruption(address, transport.nowMs(), transport.nanoTime(), cause.getMessage(), 0, null);
        triedInRound = 0;
        backoff.reset();
        LOG.info("The link to {} ended: {}", address, cause.getMessage());
        owner.onInterrupted(cause.getMessage());
        if (phase != Phase.DOWN) {
            return;
        }
        if (isFinal(cause.code())) {
            giveUp(lost("refused", cause));
        } else if (options.maxReconnectAttempts() == 0) {
            giveUp(lost("not to be tried again (maxReconnectAttempts)", cause));
        } else {
            tryAddress();
        }
    }

    private void onFailedAgain(int index, EngineException cause) {
        interruption = interruption.failedAgain(transport.addressText(index) + ": " + cause.getMessage());
        int attemptsMax = options.maxReconnectAttempts();
        if (isFinal(cause.code())) {
            giveUp(lost("refused by " + transport.addressText(index), cause));
        } else if (attemptsMax >= 0 && interruption.attempts() >= attemptsMax) {
            giveUp(lost("given up after " + attemptsMax + " attempts (maxReconnectAttempts)", cause));
        } else if (leftMs() <= 0) {
            giveUp(lost("given up after " + options.reconnectTimeoutMs() + " ms (reconnectTimeout)", cause));
        } else {
            nextAddress();
            if (++triedInRound < transport.addressCount()) {
                tryAddress();
            } else {
                triedInRound = 0;
                transport.schedule(this::tryAddress, Math.min(backoff.nextMs(), leftMs()));
            }
        }
    }

    private void nextAddress() {
        addressIndex = (addressIndex + 1) % transport.addressCount();
    }

    private EngineException lost(String how, EngineException cause) {
        return new EngineException(
                ErrorCode.CONNECTION_LOST, "the connection is lost, " + how + "; it was " + interruption, cause);
    }

    private void giveUp(EngineException cause) {
        end();
        owner.onGivenUp(cause);
    }

    /** Whether trying again cannot help. */
    private static boolean isFinal(ErrorCode code) {
        return switch (code) {
            case RESUME_EXPIRED, SECURITY, INVALID_CLIENT_ID, DISPLACED, VERSION, PROTOCOL, ILLEGAL_STATE, CLOSED ->
                true;
            default -> false;
        };
    }

    private void onConnected(Attempt at, ServerFrame.Connected frame) {
        String text = transport.addressText(at.index);
        transport.limits(at.link, frame.frameLengthMax(), frame.messageLengthMax(), frame.heartbeatMs());
        EngineException refusal = owner.onConnected(at.link, frame, text);
        if (phase == Phase.ENDED) {
            return;
        }
        if (refusal != null) {
            giveUp(
                    interruption == null
                            ? refusal
                            : lost("not resumed at " + text + ": " + refusal.getMessage(), refusal));
            return;
        }
        if (phase == Phase.DOWN) {
            LOG.info("The connection goes on with {} at {}", frame.product(), text);
        }
        at.connected = true;
        phase = Phase.UP;
        address = text;
        interruption = null;
        firstFailures.clear();
        firstAddresses.clear();
    }

    /** One link, from the attempt to get it to its end. */
    private final class Attempt implements LinkListener {

        private final int index;
        private final long timeoutMs;
        private Link link;
        private boolean connected;
        private boolean over;

        /** The owner is saying what it has to say on the fresh link, and must not hear of its end meanwhile. */
        private boolean resuming;

        /** Why the link ended while {@code resuming}; null when it did not. */
        private EngineException early;

        Attempt(int index, long timeoutMs) {
            this.index = index;
            this.timeoutMs = timeoutMs;
        }

        @Override
        public void onOpen(Link opened) {
            if (over) {
                opened.close();
                return;
            }
            link = opened;
            link.send(owner.greeting());
            link.flush();
        }

        @Override
        public void onFrame(ServerFrame frame) {
            if (over) {
                return;
            }
            try {
                if (frame instanceof ServerFrame.Closed closed) {
                    fail(new EngineException(closed.code(), closed.text()));
                } else if (connected) {
                    owner.onFrame(frame);
                } else {
                    onGreeted(frame);
                }
            } catch (IllegalArgumentException | IllegalStateException e) {
                LOG.warn("A frame from {} could not be taken", transport.addressText(index), e);
                fail(new EngineException(ErrorCode.PROTOCOL, "a frame could not be taken: " + e.getMessage(), e));
            }
        }

        private void onGreeted(ServerFrame frame) {
            if (frame instanceof ServerFrame.Connected accepted) {
                resuming = true;
                try {
                    onConnected(this, accepted);
                } finally {
                    resuming = false;
                }
                if (early != null) {
                    fail(early);
                }
            } else if (frame instanceof ServerFrame.Refused refused) {
                fail(new EngineException(refused.code(), refused.text()));
            } else if (!(frame instanceof ServerFrame.Heartbeat)) {
                throw new IllegalStateException(frame.getClass().getSimpleName() + " came before Connected");
            }
        }

        @Override
        public void onBurstEnd() {
            if (!over && connected) {
                owner.onBurstEnd();
            }
        }

        @Override
        public void onClosed(EngineException cause) {
            link = null;
            fail(cause);
        }

        private void expire() {
            if (!connected) {
                fail(new EngineException(
                        ErrorCode.CONNECTION_LOST, "no answer within " + timeoutMs + " ms" + whyNotLonger(timeoutMs)));
            }
        }

        private void fail(EngineException cause) {
            if (resuming) {
                early = early == null ? cause : early;
            } else if (!over) {
                abandon();
                onAttemptEnded(index, cause);
            }
        }

        private void abandon() {
            over = true;
            if (link != null) {
                link.close();
                link = null;
            }
        }
    }
}
