package io.posthorn.ra.inbound;

import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.ra.pace.Complaints;
import io.posthorn.ra.pace.Pacing;
import io.posthorn.ra.pace.Retry;
import io.posthorn.ra.settings.Client;
import io.posthorn.ra.settings.ConnectionProperties;
import io.posthorn.ra.settings.Durations;
import io.posthorn.ra.xa.Associations;
import io.posthorn.ra.xa.ServerResource;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Session;
import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.Work;
import java.lang.reflect.Method;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.naming.NamingException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An activated endpoint, from its activation to its deactivation: connects on a thread of the container, again and again if need be, and
 * anew when the connection is lost. Safe from any thread; the monitor guards the fields, and is not held while the server, the naming
 * service or the container is called.
 *
 * <pre>
 *   CONNECTING --- connected ---> RUNNING <--- pause, resume ---> PAUSED
 *     |    ^                         |                              |
 *     |    +----- lost --------------+------------------------------+
 *     +--- setupAttempts are used up ---> GIVEN_UP          any ---> ENDED
 * </pre>
 */
public final class Endpoint implements EndpointMXBean {

    static final Method ON_MESSAGE = onMessage();

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    private static final long SETUP_FIRST_MS = 1_000;
    private static final long SETUP_MAX_MS = 30_000;
    private static final long REDELIVERY_FIRST_MS = 100;
    private static final long REDELIVERY_MAX_MS = 5_000;

    /** How long an end waits for an attempt to connect. */
    private static final long END_WITHIN_MS = 15_000;

    private final MessageEndpointFactory beans;
    private final PosthornActivationSpec spec;
    private final ConnectionProperties adapter;
    private final Workshop workshop;
    private final Associations associations;
    private final String label;
    private final boolean transacted;
    private final Tally tally = new Tally();
    private final Complaints complaints = new Complaints(System::nanoTime);
    private final Retry unreachable;
    private final Retry refused;

    private State state = State.CONNECTING;
    private Line line;
    private Destination destination;
    private boolean pauseAsked;
    private boolean connecting;
    private int attempts;

    /** What an endpoint does. */
    private enum State {
        CONNECTING,
        RUNNING,
        PAUSED,
        GIVEN_UP,
        ENDED
    }

    /**
     * An endpoint that is not active yet.
     *
     * @throws ResourceException when the configuration is wrong, with the bean, the property and what would be right
     */
    public Endpoint(
            MessageEndpointFactory beans,
            PosthornActivationSpec spec,
            ConnectionProperties adapter,
            Workshop workshop,
            Associations associations)
            throws ResourceException {
        this.beans = beans;
        this.spec = spec;
        this.adapter = adapter;
        this.workshop = workshop;
        this.associations = associations;
        label = labelOf(beans);
        spec.check(label);
        Random chance = new Random();
        unreachable = new Retry(
                Durations.parseMs(spec.getSetupInterval(), SETUP_FIRST_MS),
                Durations.parseMs(spec.getMaxSetupInterval(), SETUP_MAX_MS),
                chance);
        refused = Retry.ofRefusedLogins(chance);
        try {
            transacted = beans.isDeliveryTransacted(ON_MESSAGE);
        } catch (NoSuchMethodException e) {
            throw new NotSupportedException(label + " is no " + MessageListener.class.getName(), e);
        }
        lookAround();
    }

    private static Method onMessage() {
        try {
            return MessageListener.class.getMethod("onMessage", Message.class);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a MessageListener has onMessage", e);
        }
    }

    /** WildFly has one activation name for all beans, of the adapter's name and the listener's type: it tells them not apart. */
    private static String labelOf(MessageEndpointFactory beans) {
        Class<?> type = beans.getEndpointClass();
        String name = beans.getActivationName();
        if (type == null) {
            return "message-driven bean " + (name == null ? "" : "'" + name + "'");
        }
        boolean naming = name != null && !name.endsWith(MessageListener.class.getName());
        return "message-driven bean " + (naming ? "'" + name + "' (" + type.getName() + ")" : type.getName());
    }

    /** What can be told at deployment already; a name that is not bound yet may be later. */
    private void lookAround() throws ResourceException {
        try {
            directory().destination();
            directory().factorySettings();
        } catch (NamingException e) {
            LOG.info("{}: {} is not bound yet; it is looked up again", label, e.getMessage());
        } catch (ResourceException e) {
            throw new NotSupportedException(label + ": " + e.getMessage(), e);
        }
    }

    private Directory directory() {
        Class<?> type = beans.getEndpointClass();
        return new Directory(
                spec, type == null ? Thread.currentThread().getContextClassLoader() : type.getClassLoader());
    }

    /** Whether this is the activation of these. */
    public boolean isOf(MessageEndpointFactory factory, Object activation) {
        return spec == activation && (beans == factory || beans.equals(factory));
    }

    /** Begins to connect, and returns. */
    public void activate() {
        workshop.begin(new SetUp());
    }

    // Connecting

    private void connect() {
        if (!beginConnecting()) {
            return;
        }
        try {
            Line opened = openLine();
            if (adopt(opened)) {
                LOG.info("{} receives from {}, {} at a time", label, destination, opened.receiverCount());
            } else {
                opened.close();
            }
        } catch (JMSException | ResourceException | NamingException | RuntimeException e) {
            onSetUpFailed(e);
        } finally {
            endConnecting();
        }
    }

    private synchronized boolean beginConnecting() {
        boolean wanted = state == State.CONNECTING && !connecting;
        connecting |= wanted;
        return wanted;
    }

    private synchronized void endConnecting() {
        connecting = false;
        notifyAll();
    }

    /** With the settings as they are now: containers may set them late. */
    private Line openLine() throws JMSException, ResourceException, NamingException {
        Directory directory = directory();
        Destination found = directory.destination();
        synchronized (this) {
            destination = found;
        }
        PosthornXAConnectionFactory factory =
                Client.of(adapter, directory.factorySettings(), spec).factory();
        return Line.open(this, factory, Subscription.of(spec, found));
    }

    private boolean adopt(Line opened) throws JMSException {
        boolean running;
        synchronized (this) {
            if (state != State.CONNECTING) {
                return false;
            }
            line = opened;
            state = pauseAsked ? State.PAUSED : State.RUNNING;
            running = !pauseAsked;
            attempts = 0;
            unreachable.succeeded();
            refused.succeeded();
            complaints.forget();
        }
        opened.begin();
        if (running) {
            opened.resume();
        }
        return true;
    }

    private void onSetUpFailed(Exception problem) {
        long waitMs;
        boolean worthALine;
        boolean givingUp;
        closeBroken();
        synchronized (this) {
            if (state == State.ENDED) {
                return;
            }
            tally.failure(problem);
            Integer most = spec.getSetupAttempts();
            attempts++;
            givingUp = most != null && most >= 0 && attempts >= most;
            state = givingUp ? State.GIVEN_UP : State.CONNECTING;
            waitMs = (problem instanceof JMSSecurityException ? refused : unreachable).nextMs();
            worthALine = complaints.isWorthALine(String.valueOf(problem.getMessage()));
        }
        if (givingUp) {
            LOG.error("{} gives up connecting after {} attempts: {}", label, attempts, problem.getMessage(), problem);
            return;
        }
        if (worthALine) {
            LOG.warn("{} is not connected, and tries again from time to time: {}", label, problem.getMessage());
        }
        LOG.debug("{} tries again in {} ms", label, waitMs, problem);
        workshop.beginLater(new SetUp(), waitMs);
    }

    /** A line that was there already when something failed. */
    private void closeBroken() {
        Line broken;
        synchronized (this) {
            broken = line;
            line = null;
        }
        if (broken != null) {
            broken.close();
        }
    }

    /** The connection of a line is lost, or a consumer on it. On any thread; does not wait. */
    void onLost(Line lost, Throwable problem) {
        long waitMs;
        synchronized (this) {
            if (lost != line || state == State.ENDED) {
                return;
            }
            line = null;
            state = State.CONNECTING;
            tally.failure(problem);
            waitMs = unreachable.nextMs();
        }
        LOG.warn("{} has lost its connection, and connects anew: {}", label, problem.getMessage());
        workshop.begin(new TearDown(lost));
        workshop.beginLater(new SetUp(), waitMs);
    }

    // For receivers

    Workshop workshop() {
        return workshop;
    }

    InboundBranch newBranch(ServerResource.Source source) {
        return new InboundBranch(source, associations);
    }

    boolean isTransacted() {
        return transacted;
    }

    boolean isConnectionShared() {
        return !Boolean.FALSE.equals(spec.getSingleConnection());
    }

    int acknowledgeMode() {
        return SpecCheck.isDupsOk(spec.getAcknowledgeMode()) ? Session.DUPS_OK_ACKNOWLEDGE : Session.AUTO_ACKNOWLEDGE;
    }

    void setTimeout(XAResource resource) throws JMSException {
        Integer seconds = spec.getTransactionTimeout();
        if (seconds != null) {
            try {
                resource.setTransactionTimeout(seconds);
            } catch (XAException e) {
                JMSException failure = new JMSException("transactionTimeout cannot be set: " + e.getMessage());
                failure.initCause(e);
                throw failure;
            }
        }
    }

    Pacing newPacing() {
        return new Pacing(
                Durations.parseMs(spec.getRedeliveryDelay(), REDELIVERY_FIRST_MS),
                Durations.parseMs(spec.getMaxRedeliveryDelay(), REDELIVERY_MAX_MS));
    }

    MessageEndpoint newBean(XAResource resource) throws UnavailableException {
        return beans.createEndpoint(resource);
    }

    void onDelivered() {
        tally.delivered();
    }

    void onFailed(Throwable problem) {
        tally.failed(problem);
        LOG.debug("{}: a delivery failed", label, problem);
    }

    /** After a failure; returns how long the receiver pauses. */
    long onFailure(Pacing pacing) {
        Integer most = spec.getStopAfterFailures();
        if (most != null && most > 0 && tally.failuresInRow() >= most) {
            LOG.error("{} pauses after {} failures in a row, until it is resumed through JMX", label, most);
            // Not here: to pause is to wait for receivers, of which the caller is one.
            workshop.begin(new Pause());
        }
        return pacing.failedMs();
    }

    // Operators

    @Override
    public void pause() {
        Line pausing;
        synchronized (this) {
            pauseAsked = true;
            if (state != State.RUNNING) {
                return;
            }
            state = State.PAUSED;
            pausing = line;
        }
        try {
            pausing.pause();
            LOG.info("{} is paused", label);
        } catch (JMSException e) {
            onLost(pausing, e);
        }
    }

    @Override
    public void resume() {
        Line resuming;
        synchronized (this) {
            pauseAsked = false;
            tally.forgetRow();
            if (state == State.GIVEN_UP) {
                state = State.CONNECTING;
                attempts = 0;
                workshop.begin(new SetUp());
            }
            if (state != State.PAUSED) {
                return;
            }
            state = State.RUNNING;
            resuming = line;
        }
        try {
            resuming.resume();
            LOG.info("{} is resumed", label);
        } catch (JMSException e) {
            onLost(resuming, e);
        }
    }

    /** Ends it: waits, within a bound, for what is at work. No thread and no connection is left. */
    public void deactivate() {
        Line ending;
        synchronized (this) {
            state = State.ENDED;
            ending = line;
            line = null;
        }
        if (ending != null) {
            ending.close();
        }
        awaitConnecting();
        LOG.info("{} has ended", label);
    }

    private synchronized void awaitConnecting() {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_WITHIN_MS);
        while (connecting) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
            if (leftMs <= 0) {
                LOG.warn("{} is still connecting while it ends; the connection is closed once it is there", label);
                return;
            }
            try {
                wait(leftMs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public String getName() {
        return label;
    }

    @Override
    public synchronized String getDestination() {
        return destination == null ? null : destination.toString();
    }

    @Override
    public synchronized String getState() {
        return state.name();
    }

    @Override
    public synchronized int getReceivers() {
        return line == null ? 0 : line.receiverCount();
    }

    @Override
    public long getDelivered() {
        return tally.deliveredCount();
    }

    @Override
    public long getFailed() {
        return tally.failedCount();
    }

    @Override
    public String getLastFailure() {
        return tally.lastFailure();
    }

    @Override
    public String toString() {
        return label;
    }

    /** Connects, on a thread of the container. */
    private final class SetUp implements Work {

        @Override
        public void run() {
            connect();
        }

        @Override
        public void release() {
            // The attempt ends by itself, within its timeouts.
        }
    }

    /** Closes what is left of a lost line, on a thread of the container. No record: see {@link Subscription}. */
    private static final class TearDown implements Work {

        private final Line lost;

        TearDown(Line lost) {
            this.lost = lost;
        }

        @Override
        public void run() {
            lost.close();
        }

        @Override
        public void release() {
            // Closing ends by itself, within its timeouts.
        }
    }

    /** Pauses, on a thread of the container. */
    private final class Pause implements Work {

        @Override
        public void run() {
            pause();
        }

        @Override
        public void release() {
            // Waits for receivers, which are told themselves.
        }
    }
}
