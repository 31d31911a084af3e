package io.posthorn.tck.crashes;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.XASession;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * Takes and sends on in XA branches, and is its own transaction manager: the diary says {@code prepare UNIT} and, once that is done,
 * {@code decide UNIT} before it commits. A new life looks for branches that an earlier one left prepared and commits those that were
 * decided. A branch in one phase is {@code commit UNIT}, as a local transaction is.
 */
final class BranchRelay {

    private static final int UNITS_TO_LOOK = 50;

    private final Scene scene;
    private final Destination from;
    private final Destination to;

    BranchRelay(Scene scene, Destination from, Destination to) {
        this.scene = scene;
        this.from = from;
        this.to = to;
    }

    void play() throws JMSException {
        XASession session = scene.open(false, connection -> connection.createXASession());
        XAResource resource = session.getXAResource();
        try {
            recover(resource);
            MessageConsumer consumer = session.createConsumer(from);
            MessageProducer producer = session.createProducer(to);
            for (int count = 1; scene.mayTake(); count++) {
                relay(session, consumer, producer);
                if (count % UNITS_TO_LOOK == 0) {
                    recover(resource);
                }
            }
            recover(resource);
        } catch (XAException e) {
            JMSException failure = new JMSException("An XA verb failed with " + e.errorCode + ": " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    private void relay(XASession session, MessageConsumer consumer, MessageProducer producer)
            throws JMSException, XAException {
        XAResource resource = session.getXAResource();
        long unit = scene.nextUnit();
        Branch branch = new Branch(scene.round(), unit);
        resource.start(branch, XAResource.TMNOFLAGS);
        List<Message> messages = Takers.takeSome(scene, consumer, unit);
        for (Message message : messages) {
            producer.send(Takers.onward(scene, session, message, unit));
        }
        resource.end(branch, XAResource.TMSUCCESS);
        Diary diary = scene.diary();
        int way = scene.chance().nextInt(12);
        if (way == 0) {
            undo(resource, branch);
        } else if (way <= 3 || messages.isEmpty()) {
            diary.write("commit", unit);
            resource.commit(branch, true);
            diary.write("done", unit);
        } else {
            diary.write("prepare", unit);
            if (resource.prepare(branch) != XAResource.XA_OK) {
                throw new XAException(
                        "Branch " + unit + " holds " + messages.size() + " messages and was called read-only");
            }
            if (way == 4) {
                undo(resource, branch);
            } else {
                diary.write("decide", unit);
                resource.commit(branch, false);
                diary.write("done", unit);
            }
        }
    }

    private void undo(XAResource resource, Branch branch) throws XAException {
        scene.diary().write("undo", branch.unit());
        resource.rollback(branch);
    }

    /** Between units: whatever is prepared then was left by an earlier life. */
    private void recover(XAResource resource) throws XAException {
        Set<Long> decided = new TreeSet<>();
        for (String line : scene.earlier()) {
            if (line.startsWith("decide ")) {
                decided.add(Long.valueOf(line.substring("decide ".length())));
            }
        }
        for (Xid xid : resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN)) {
            Branch branch = Branch.of(xid);
            if (branch.round() != scene.round()) {
                scene.diary().write("bad", "a branch of round", branch.round(), "is prepared in round", scene.round());
            }
            if (decided.contains(branch.unit())) {
                resource.commit(branch, false);
                scene.diary().write("done", branch.unit());
            } else {
                undo(resource, branch);
            }
        }
    }

    /** A branch, named by the unit of work that it is. */
    private record Branch(int round, long unit) implements Xid {

        private static final int FORMAT = 7662;

        static Branch of(Xid xid) {
            ByteBuffer bytes = ByteBuffer.wrap(xid.getGlobalTransactionId());
            return new Branch(bytes.getInt(), bytes.getLong());
        }

        @Override
        public int getFormatId() {
            return FORMAT;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                    .putInt(round)
                    .putLong(unit)
                    .array();
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[1];
        }
    }
}
