package io.posthorn.ra.inbound;

import io.posthorn.jms.consumer.PosthornConsumer;
import io.posthorn.ra.pace.Pacing;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Session;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.work.Work;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session of an endpoint with its consumer: takes messages one by one and hands each to the message-driven bean. While there are
 * messages, and for {@link #LINGER_MS} after the last, it has a thread of the container, on which all of it runs: the client's event loop
 * wakes that thread, which is the only hand-off. Without messages it has none.
 *
 * <pre>
 *   IDLE --- a message, or a pause is over ---> QUEUED --- the container's thread ---> AT_WORK
 *     ^                                            ^                                     |  |
 *     +---------------- no message ----------------|-------------------------------------+  |
 *                                                  +--------- after a pause ----------------+
 * </pre>
 *
 * The monitor guards the phase and is held for nothing else.
 */
final class Receiver implements Work {

    /** How long a thread waits for the next message before it goes back to the container. */
    static final long LINGER_MS = 2_000;

    /** How long an end waits for a bean and its transaction. */
    private static final long END_WITHIN_MS = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);

    private final Endpoint endpoint;
    private final Line line;
    private final Session session;
    private final InboundBranch branch;
    private final PosthornConsumer consumer;
    private final Pacing pacing;

    private Phase phase = Phase.IDLE;
    private boolean ended;
    private MessageEndpoint bean;

    /** What it does. */
    private enum Phase {
        IDLE,
        QUEUED,
        AT_WORK
    }

    /** {@code branch} is null when deliveries are not in a transaction. */
    Receiver(Endpoint endpoint, Line line, Session session, InboundBranch branch, PosthornConsumer consumer) {
        this.endpoint = endpoint;
        this.line = line;
        this.session = session;
        this.branch = branch;
        this.consumer = consumer;
        this.pacing = endpoint.newPacing();
    }

    void begin() throws JMSException {
        consumer.onMessage(this::onMessage);
    }

    /** On the client's event loop. */
    private void onMessage() {
        if (leaveIdle()) {
            endpoint.workshop().begin(this);
        }
    }

    private synchronized boolean leaveIdle() {
        if (ended || phase != Phase.IDLE) {
            return false;
        }
        phase = Phase.QUEUED;
        return true;
    }

    @Override
    public void run() {
        synchronized (this) {
            if (ended) {
                return;
            }
            phase = Phase.AT_WORK;
        }
        long pauseMs = 0;
        try {
            pauseMs = receive();
        } catch (JMSException e) {
            endpoint.onLost(line, e);
        } catch (RuntimeException | Error e) {
            LOG.error("A defect in the resource adapter; {} connects anew", endpoint, e);
            endpoint.onLost(line, e);
        } finally {
            releaseBean();
            rest(pauseMs);
        }
    }

    /** Hands over what there is. Returns when there is nothing any more, or how long to pause in milliseconds. */
    private long receive() throws JMSException {
        while (!isEnded()) {
            if (!consumer.awaitMessage(LINGER_MS)) {
                return 0;
            }
            try {
                if (deliver()) {
                    pacing.succeeded();
                    continue;
                }
            } catch (UnavailableException e) {
                return onNoRoom(e);
            }
            long pauseMs = onFailure();
            if (pauseMs > 0) {
                return pauseMs;
            }
        }
        return 0;
    }

    /** After the work: idle, unless messages came in the meantime, or asleep for a while. */
    private void rest(long pauseMs) {
        synchronized (this) {
            phase = pauseMs > 0 && !ended ? Phase.QUEUED : Phase.IDLE;
            notifyAll();
            if (ended) {
                return;
            }
        }
        if (pauseMs > 0) {
            endpoint.workshop().beginLater(this, pauseMs);
            return;
        }
        try {
            if (consumer.hasMessage()) {
                onMessage();
            }
        } catch (JMSException e) {
            LOG.debug("{} looks for messages on a connection that is gone", endpoint, e);
        }
    }

    /** The container has no bean free, or is not ready. Nothing was taken; others may have what waits here. */
    private long onNoRoom(UnavailableException e) throws JMSException {
        LOG.debug("{} has no room at the moment", endpoint, e);
        consumer.giveBack();
        return pacing.noRoomMs();
    }

    private long onFailure() throws JMSException {
        // What came after the message that failed must not overtake it, nor wait for it.
        consumer.giveBack();
        return endpoint.onFailure(pacing);
    }

    /** Hands one message over, in a transaction if so asked for. False when the bean or the transaction failed. */
    private boolean deliver() throws JMSException, UnavailableException {
        Handover handover = new Handover();
        if (!acquireBean(handover)) {
            return false;
        }
        if (branch == null) {
            consumer.handOver(handover::withoutTransaction);
        } else {
            deliverInBranch(handover);
        }
        if (handover.failure != null) {
            endpoint.onFailed(handover.failure);
            return false;
        }
        if (handover.handed) {
            endpoint.onDelivered();
        }
        return true;
    }

    private void deliverInBranch(Handover handover) throws JMSException {
        branch.takeRolledBack();
        try {
            bean.beforeDelivery(Endpoint.ON_MESSAGE);
        } catch (NoSuchMethodException | ResourceException | RuntimeException e) {
            handover.failure = e;
            // Whatever state it is in.
            releaseBean();
            return;
        }
        try {
            consumer.handOver(handover::inTransaction);
        } finally {
            try {
                bean.afterDelivery();
            } catch (ResourceException | RuntimeException e) {
                handover.failed(e);
                releaseBean();
            }
        }
        if (branch.takeRolledBack()) {
            handover.failed(new ResourceException("the transaction was rolled back"));
        }
    }

    private boolean acquireBean(Handover handover) throws UnavailableException {
        if (bean != null) {
            return true;
        }
        try {
            bean = endpoint.newBean(branch);
            return true;
        } catch (UnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            handover.failure = e;
            endpoint.onFailed(e);
            return false;
        }
    }

    private void releaseBean() {
        MessageEndpoint releasing = bean;
        bean = null;
        if (releasing != null) {
            try {
                releasing.release();
            } catch (RuntimeException e) {
                LOG.warn("{}: the container did not take its endpoint back", endpoint, e);
            }
        }
    }

    /**
     * Nothing: IronJacamar, and so WildFly, calls this after every run, not only when it wants its thread back. A thread is given back
     * {@link #LINGER_MS} after the last message anyway, and when the endpoint or the adapter ends.
     */
    @Override
    public void release() {
        LOG.trace("{}: the container released a work", endpoint);
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    /** Takes nothing any more. Waits for the bean that is called, within the client's bound. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        consumer.close();
    }

    /** After its connection is closed. */
    void abandonBranch() {
        if (branch != null) {
            branch.abandon();
        }
    }

    /** Waits until the work is over, transaction and all, for at most {@link #END_WITHIN_MS}. */
    synchronized void awaitEnd() {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_WITHIN_MS);
        boolean interrupted = false;
        while (phase == Phase.AT_WORK) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
            if (leftMs <= 0) {
                LOG.warn(
                        "{}: a bean did not return within {} ms; its connection is closed under it",
                        endpoint,
                        END_WITHIN_MS);
                break;
            }
            try {
                wait(leftMs);
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What became of one message. */
    private final class Handover {

        private boolean handed;
        private Throwable failure;

        void failed(Throwable cause) {
            if (failure == null) {
                failure = cause;
            }
        }

        /** The container saw the bean fail, and rolls back. */
        void inTransaction(Message message) {
            handed = true;
            try {
                ((MessageListener) bean).onMessage(message);
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }

        /** The message comes again when the bean failed. */
        void withoutTransaction(Message message) {
            inTransaction(message);
            if (failure != null) {
                try {
                    session.recover();
                } catch (JMSException e) {
                    failure.addSuppressed(e);
                }
            }
        }
    }
}
