package io.posthorn.ra.inbound;

import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.jms.connection.PosthornXAConnection;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.XASession;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An endpoint's way to the server while it stands: its connection, or connections, and its receivers. Opened, started, stopped and closed on
 * threads that may wait.
 */
final class Line {

    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    private final Endpoint endpoint;
    private final List<PosthornXAConnection> connections = new ArrayList<>();
    private final List<Receiver> receivers = new ArrayList<>();

    private Line(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Connects and opens all receivers, which get nothing before {@link #begin} and {@link #resume}. */
    static Line open(Endpoint endpoint, PosthornXAConnectionFactory factory, Subscription subscription)
            throws JMSException {
        Line line = new Line(endpoint);
        try {
            for (int count = 0; count < subscription.receivers(); count++) {
                line.addReceiver(factory, subscription);
            }
            return line;
        } catch (JMSException | RuntimeException e) {
            line.closeConnections();
            throw e;
        }
    }

    private void addReceiver(PosthornXAConnectionFactory factory, Subscription subscription) throws JMSException {
        if (connections.isEmpty() || !endpoint.isConnectionShared()) {
            PosthornXAConnection next = (PosthornXAConnection) factory.createXAConnection();
            connections.add(next);
            next.setExceptionListener(problem -> onProblem(next, problem));
        }
        PosthornXAConnection connection = connections.get(connections.size() - 1);
        if (endpoint.isTransacted()) {
            XASession session = connection.createXASession();
            InboundBranch branch = endpoint.newBranch(session::getXAResource);
            endpoint.setTimeout(session.getXAResource());
            receivers.add(new Receiver(endpoint, this, session, branch, subscription.open(session)));
        } else {
            Session session = connection.createSession(endpoint.acknowledgeMode());
            receivers.add(new Receiver(endpoint, this, session, null, subscription.open(session)));
        }
    }

    private void onProblem(PosthornXAConnection connection, JMSException problem) {
        if (connection.isLost()) {
            endpoint.onLost(this, problem);
        } else {
            LOG.warn("{} goes on, but: {}", endpoint, problem.getMessage(), problem);
        }
    }

    int receiverCount() {
        return receivers.size();
    }

    /** Lets receivers hear of messages. */
    void begin() throws JMSException {
        for (Receiver receiver : receivers) {
            receiver.begin();
        }
    }

    /** Lets messages come. */
    void resume() throws JMSException {
        for (PosthornXAConnection connection : connections) {
            connection.start();
        }
    }

    /** Gives back what no listener has, and returns when those that run have returned. */
    void pause() throws JMSException {
        for (PosthornXAConnection connection : connections) {
            connection.stop();
        }
    }

    /** Ends all receivers, waits for those at work, within a bound, and closes the connections. */
    void close() {
        connections.forEach(PosthornXAConnection::closeSoon);
        receivers.forEach(Receiver::end);
        receivers.forEach(Receiver::awaitEnd);
        closeConnections();
    }

    private void closeConnections() {
        for (PosthornXAConnection connection : connections) {
            try {
                connection.close();
            } catch (JMSException e) {
                LOG.debug("A connection of {} did not close in order", endpoint, e);
            }
        }
        receivers.forEach(Receiver::abandonBranch);
    }
}
