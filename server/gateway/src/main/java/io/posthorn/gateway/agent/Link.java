package io.posthorn.gateway.agent;

import io.posthorn.broker.Login;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.MalformedException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one socket to the broker. The methods without {@code do} in their name belong to the socket's event loop;
 * when that is the broker's too, they call the broker within its turn, otherwise they hand over through the driver's
 * queue. Which of both holds is fixed when the link is made, so the order of calls is the order of frames.
 */
public final class Link {

    /** Bytes of frames that may wait for the broker before the socket is no longer read. */
    public static final long WAITING_HIGH_BYTES = 4 << 20;

    /** The socket is read again below this. */
    public static final long WAITING_LOW_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final BrokerDriver driver;
    private final Line outlet;
    private final String peer;
    private final Brake brake;
    private final boolean direct;

    /** Bytes handed over and not yet taken by the broker; stays 0 when the link is direct. */
    private final AtomicLong waitingBytes = new AtomicLong();

    private volatile boolean braked;
    private volatile boolean held;

    /** Broker's loop only; null before CONNECT is accepted and after the end. */
    private ClientFrame.Handler handler;

    private boolean consumes;

    Link(BrokerDriver driver, Line outlet, String peer, Brake brake, boolean direct) {
        this.driver = driver;
        this.outlet = outlet;
        this.peer = peer;
        this.brake = brake;
        this.direct = direct;
    }

    /** The first frame of the socket, with whom its sender was found to be. */
    public void connect(ClientFrame.Connect frame, Login login) {
        if (direct) {
            driver.onWork(() -> doConnect(frame, login));
        } else {
            driver.handOver(() -> doConnect(frame, login));
        }
    }

    /** Any later frame; {@code length} is about how many bytes it keeps in memory. */
    public void frame(ClientFrame frame, int length) {
        if (direct) {
            driver.onFrame(this, frame, length);
            return;
        }
        if (waitingBytes.addAndGet(length) > WAITING_HIGH_BYTES && !braked) {
            braked = true;
            updateBrake();
            releaseBrake();
        }
        driver.handOver(() -> {
            driver.onFrame(this, frame, length);
            waitingBytes.addAndGet(-length);
            releaseBrake();
        });
    }

    /** All of one read has been taken; there may be more to read. */
    public void readEnded() {
        if (direct) {
            driver.endLongTurn();
        }
    }

    /** The socket has no more to read for now. */
    public void burstEnded() {
        if (!direct) {
            driver.wake();
        }
    }

    /** The socket takes bytes again after it had been full. */
    public void drained() {
        if (direct) {
            driver.onWork(this::doDrain);
        } else {
            driver.handOver(this::doDrain);
            driver.wake();
        }
    }

    /** The socket is gone. */
    public void lost() {
        if (direct) {
            driver.onWork(this::doLose);
        } else {
            driver.handOver(this::doLose);
            driver.wake();
        }
    }

    private void releaseBrake() {
        if (braked && waitingBytes.get() < WAITING_LOW_BYTES) {
            braked = false;
            updateBrake();
        }
    }

    /** Broker's loop only: whether it has said what its consumers take; what they took would not be heard either while it is held. */
    boolean consumes() {
        return consumes;
    }

    /** Broker's loop only: do not read the socket until the disk, or the consumers, have caught up. */
    void hold(boolean on) {
        held = on;
        updateBrake();
    }

    /** There are two reasons to brake, set on different loops; whoever comes last sees both. */
    private synchronized void updateBrake() {
        brake.onBrake(braked || held);
    }

    private void doConnect(ClientFrame.Connect frame, Login login) {
        driver.addLink(this);
        handler = driver.broker().connect(frame, login, outlet);
    }

    void doFrame(ClientFrame frame) {
        // What a socket sent before it learnt that it was closed must not reach its successor.
        if (handler == null || outlet.isClosed()) {
            return;
        }
        consumes |= frame instanceof ClientFrame.Credit;
        try {
            frame.dispatch(handler);
        } catch (MalformedException e) {
            LOG.warn("Closing the connection of {}: it sent a malformed frame: {}", peer, e.getMessage());
            end(ErrorCode.PROTOCOL, e.getMessage());
            doLose();
        }
    }

    private void doDrain() {
        if (handler != null && !outlet.isClosed()) {
            driver.broker().drained(handler);
        }
    }

    private void doLose() {
        driver.removeLink(this);
        if (handler != null) {
            ClientFrame.Handler lost = handler;
            handler = null;
            driver.broker().disconnected(lost, outlet);
        }
    }

    /** Broker's loop only: tells the peer why, and closes the socket. */
    void end(ErrorCode code, String text) {
        outlet.send(new ServerFrame.Closed(code, text));
        outlet.close();
    }

    /** Broker's loop only: closes the socket without a word. */
    void cut() {
        outlet.close();
    }

    /** Stops and restarts the reading of a socket. May be called on the socket's loop and on the broker's. */
    @FunctionalInterface
    public interface Brake {
        void onBrake(boolean on);
    }
}
