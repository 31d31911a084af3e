package io.posthorn.ra.xa;

import io.posthorn.jms.connection.PosthornXAConnection;
import io.posthorn.ra.settings.Client;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.resource.ResourceException;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a transaction manager recovers with (Connectors 2.1 section 7.9). It connects when it is first asked something, again when the
 * connection is lost, and gives the connection up when nothing was asked for a while. A login that was refused is not tried again for a time
 * that grows: the answer is given from memory. Safe from any thread; the monitor is held while it connects, since callers need the
 * connection anyway.
 */
public final class RecoveryResource extends ServerResource implements AutoCloseable {

    /** Longer than a manager takes between two questions of one scan. */
    public static final long IDLE_MS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(RecoveryResource.class);

    private final Line line;

    /** {@code onConnected} is told each time that it has made a connection, and does not wait. */
    public RecoveryResource(Client client, Runnable onConnected) {
        this(new Line(client, onConnected));
    }

    private RecoveryResource(Line line) {
        super(line, new Associations());
        this.line = line;
    }

    /** Gives the connection up if nothing was asked for {@link #IDLE_MS}; whether there is none now. */
    public boolean closeIfIdle() {
        return line.closeAfter(TimeUnit.MILLISECONDS.toNanos(IDLE_MS));
    }

    /** Gives the connection up; the next question would make another. */
    @Override
    public void close() {
        line.closeAfter(0);
    }

    /** The connection, while there is one. */
    private static final class Line implements Source {

        private final Client client;
        private final Runnable onConnected;
        private final Refusal refusal = new Refusal(System::nanoTime, InstantSource.system(), new Random());
        private PosthornXAConnection connection;
        private XAResource resource;
        private long usedNs;

        Line(Client client, Runnable onConnected) {
            this.client = client;
            this.onConnected = onConnected;
        }

        @Override
        public synchronized XAResource get() throws XAException {
            usedNs = System.nanoTime();
            if (connection != null && connection.isLost()) {
                close();
            }
            if (connection == null) {
                refusal.throwWhileItHolds();
                open();
            }
            return resource;
        }

        private void open() throws XAException {
            PosthornXAConnection opened = null;
            try {
                opened = (PosthornXAConnection) client.factory().createXAConnection();
                resource = opened.createXASession().getXAResource();
                connection = opened;
                refusal.forget();
                onConnected.run();
            } catch (JMSException | ResourceException e) {
                if (opened != null) {
                    close(opened);
                }
                String text = "cannot connect for recovery: " + e.getMessage();
                throw e instanceof JMSSecurityException ? refusal.remember(text, e) : Refusal.unavailable(text, e);
            }
        }

        synchronized boolean closeAfter(long idleNs) {
            if (connection != null && System.nanoTime() - usedNs >= idleNs) {
                close();
            }
            return connection == null;
        }

        private void close() {
            PosthornXAConnection closing = connection;
            connection = null;
            resource = null;
            close(closing);
        }

        private static void close(PosthornXAConnection closing) {
            try {
                closing.close();
            } catch (JMSException e) {
                LOG.debug("A connection for recovery did not close in order", e);
            }
        }
    }
}
