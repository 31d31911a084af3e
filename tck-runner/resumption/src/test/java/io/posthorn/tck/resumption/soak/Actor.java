package io.posthorn.tck.resumption.soak;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TransactionRolledBackException;
import java.util.Random;

/**
 * Who plays a part: on a thread of its own, with a connection of its own, knowing whether a restart of the server may have taken
 * something from it.
 */
final class Actor {

    static final int RECEIVE_MS = 200;
    static final int BATCH_MAX = 8;

    private final String name;
    private final Soak soak;
    private final Standing standing;
    private final Random chance;
    private Connection connection;

    Actor(String name, Soak soak, Standing standing, Random chance) {
        this.name = name;
        this.soak = soak;
        this.standing = standing;
        this.chance = chance;
    }

    /** What an actor does, until the soak says that it is over. */
    interface Part {
        void play(Actor actor) throws JMSException, InterruptedException;
    }

    void play(Part part, Connection own) throws JMSException, InterruptedException {
        connection = own;
        part.play(this);
    }

    String name() {
        return name;
    }

    Soak soak() {
        return soak;
    }

    Standing standing() {
        return standing;
    }

    Random chance() {
        return chance;
    }

    Connection connection() {
        return connection;
    }

    boolean tosses(int oneOf) {
        return chance.nextInt(oneOf) == 0;
    }

    int batchSize() {
        return 1 + chance.nextInt(BATCH_MAX);
    }

    /** A call that the server answers. */
    interface Call {
        void run() throws JMSException;
    }

    /** Makes the call, and takes its return as a sign of life of the run that answered. */
    void ask(Call call) throws JMSException {
        int asked = standing.asking();
        call.run();
        standing.answered(asked);
    }

    void rollback(Session session) throws JMSException {
        ask(session::rollback);
    }

    /** Commits work that nobody can take away. */
    void commit(Session session) throws JMSException {
        ask(session::commit);
    }

    /**
     * False when the messages of the transaction were given to others, which may be only if the server was started again since it last
     * answered this connection.
     */
    boolean commitUnlessTaken(Session session) throws JMSException {
        boolean shaken = standing.isShaken();
        int asked = standing.asking();
        try {
            session.commit();
        } catch (TransactionRolledBackException taken) {
            excuse(taken, shaken || standing.isShaken());
            standing.answered(asked);
            return false;
        }
        standing.answered(asked);
        return true;
    }

    /** Counts a failure that a restart explains; otherwise it is a violation. */
    void excuse(JMSException failure, boolean isExplained) {
        if (isExplained) {
            soak.countExcused();
        } else {
            soak.fail(name + ", though the server ran on,", failure);
        }
    }
}
