package io.posthorn.tck.resumption.soak;

import io.posthorn.tck.resumption.soak.Actor.Part;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * Takes alone from one stream and sends to another, in XA branches that are suspended, prepared, committed in one phase or two, or
 * rolled back. Whatever breaks, no verb may fail: what a branch has taken is nobody else's, and a branch lives through a restart. In some
 * of the branches a second connection joins, and may not be back in time after a restart: only such a branch may be rolled back then.
 */
final class XaRelay {

    private final int number;
    private final Ledger taken;
    private final Destination from;
    private final Ledger given;
    private final Destination to;

    private XaRelay(int number, Ledger taken, Destination from, Ledger given, Destination to) {
        this.number = number;
        this.taken = taken;
        this.from = from;
        this.given = given;
        this.to = to;
    }

    /** The part. */
    static Part part(int number, Ledger taken, Destination from, Ledger given, Destination to) {
        return actor -> {
            try {
                new XaRelay(number, taken, from, given, to).play(actor);
            } catch (XAException e) {
                JMSException failure =
                        new JMSException("XA verb failed with code " + e.errorCode + ": " + e.getMessage());
                failure.initCause(e);
                throw failure;
            }
        };
    }

    private void play(Actor actor) throws JMSException, XAException {
        try (XAConnection second = actor.soak().open(actor.name() + "'s second connection")) {
            XASession session = ((XAConnection) actor.connection()).createXASession();
            XASession joined = second.createXASession();
            MessageConsumer consumer = session.createConsumer(from);
            Desk own = new Desk(session, session.createProducer(to), session.getXAResource());
            Desk other = new Desk(joined, joined.createProducer(to), joined.getXAResource());
            for (long count = 1; actor.soak().isConsuming(); count++) {
                Branch branch = new Branch(Sighting.id(number, count));
                if (actor.tosses(3)) {
                    shareBranch(actor, consumer, own, other, branch);
                } else {
                    List<Long> ids = new ArrayList<>();
                    own.resource.start(branch, XAResource.TMNOFLAGS);
                    relay(actor, consumer, own, own, branch, ids);
                    own.resource.end(branch, XAResource.TMSUCCESS);
                    int asked = actor.standing().asking();
                    complete(actor, own.resource, branch, ids);
                    actor.standing().answered(asked);
                }
            }
        }
    }

    /** One connection receives and the other sends, both in the branch. A restart may end it, and nothing else. */
    private void shareBranch(Actor actor, MessageConsumer consumer, Desk own, Desk other, Branch branch)
            throws JMSException, XAException {
        boolean shaken = actor.standing().isShaken();
        int asked = actor.standing().asking();
        List<Long> ids = new ArrayList<>();
        own.resource.start(branch, XAResource.TMNOFLAGS);
        try {
            other.resource.start(branch, XAResource.TMJOIN);
        } catch (XAException gone) {
            excuse(actor, gone, gone.errorCode == XAException.XAER_NOTA, shaken);
            own.resource.end(branch, XAResource.TMSUCCESS);
            undo(actor, own.resource, branch, ids);
            return;
        }
        relay(actor, consumer, own, other, branch, ids);
        own.resource.end(branch, XAResource.TMSUCCESS);
        other.resource.end(branch, XAResource.TMSUCCESS);
        try {
            complete(actor, actor.tosses(2) ? own.resource : other.resource, branch, ids);
        } catch (XAException rolledBack) {
            excuse(actor, rolledBack, rolledBack.errorCode == XAException.XA_RBROLLBACK, shaken);
            given.undo(branch.unit());
            ids.forEach(id -> taken.release(id, actor.name()));
        }
        // Whoever rolled back, this connection has heard of it when it has had an answer.
        try (MessageConsumer none = own.session.createConsumer(own.session.createQueue("soak.nothing"))) {
            none.receiveNoWait();
        }
        actor.standing().answered(asked);
    }

    private static void excuse(Actor actor, XAException failure, boolean isOfARestart, boolean shaken)
            throws XAException {
        if (!isOfARestart) {
            throw failure;
        }
        JMSException told = new JMSException("A branch of two connections ended with " + failure.errorCode);
        told.initCause(failure);
        actor.excuse(told, shaken || actor.standing().isShaken());
    }

    private void relay(Actor actor, MessageConsumer consumer, Desk own, Desk sending, Branch branch, List<Long> ids)
            throws JMSException, XAException {
        Message message;
        for (int size = actor.batchSize();
                ids.size() < size && (message = consumer.receive(Actor.RECEIVE_MS)) != null; ) {
            Sighting sighting = Sighting.of(message);
            taken.arrive(sighting, actor.name(), actor.standing().proven());
            ids.add(sighting.id());
            sending.producer.send(Sighting.message(sending.session, sighting.id(), branch.unit(), actor.chance()));
            if (actor.tosses(10)) {
                own.resource.end(branch, XAResource.TMSUSPEND);
                own.resource.start(branch, XAResource.TMRESUME);
            }
        }
    }

    /** Where one connection works. */
    private record Desk(XASession session, MessageProducer producer, XAResource resource) {}

    private void complete(Actor actor, XAResource resource, Branch branch, List<Long> ids) throws XAException {
        int way = actor.chance().nextInt(10);
        if (way == 0) {
            undo(actor, resource, branch, ids);
            return;
        }
        if (way <= 3) {
            resource.commit(branch, true);
        } else if (resource.prepare(branch) == XAResource.XA_OK) {
            if (way == 4) {
                undo(actor, resource, branch, ids);
                return;
            }
            resource.commit(branch, false);
        } else if (!ids.isEmpty()) {
            throw new XAException("Branch " + branch.unit() + " was said to have changed nothing, and moved " + ids);
        }
        for (long id : ids) {
            taken.finish(id, actor.name());
            given.confirm(id);
        }
    }

    private void undo(Actor actor, XAResource resource, Branch branch, List<Long> ids) throws XAException {
        given.undo(branch.unit());
        ids.forEach(id -> taken.release(id, actor.name()));
        resource.rollback(branch);
    }

    /** A branch, named by the unit of work that it is. */
    private record Branch(long unit) implements Xid {

        private static final int FORMAT = 7661;

        @Override
        public int getFormatId() {
            return FORMAT;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return ByteBuffer.allocate(Long.BYTES).putLong(unit).array();
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[1];
        }
    }
}
