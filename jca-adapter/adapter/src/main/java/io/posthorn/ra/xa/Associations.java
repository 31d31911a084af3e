package io.posthorn.ra.xa;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.transaction.xa.Xid;

/**
 * Which resources of an adapter work in which branch. XA lets a manager roll a branch back when all work in it has ended; GlassFish and
 * Payara first roll back by the resource that began the branch, and then end the work of those that joined it. Such a rollback is put off
 * until the last of them has ended: until then their sessions stay in the branch, and nothing that is sent there can get out. Safe from
 * any thread; the monitor is held for the fields only.
 */
public final class Associations {

    private final Map<Key, Work> branches = new HashMap<>();

    /** Who works in a branch, and who was asked to roll it back. */
    private static final class Work {

        private final Set<ServerResource> resources = new HashSet<>();
        private ServerResource asked;
    }

    /** A branch by value: every manager has its own class for it. */
    private record Key(int format, ByteBuffer global, ByteBuffer qualifier) {

        static Key of(Xid xid) {
            return new Key(
                    xid.getFormatId(),
                    ByteBuffer.wrap(xid.getGlobalTransactionId()),
                    ByteBuffer.wrap(xid.getBranchQualifier()));
        }
    }

    synchronized void enter(Xid xid, ServerResource resource) {
        branches.computeIfAbsent(Key.of(xid), key -> new Work()).resources.add(resource);
    }

    /** Ends what {@link #enter} began, if anything. Returns who is to roll the branch back now, or null. */
    synchronized ServerResource leave(Xid xid, ServerResource resource) {
        Key key = Key.of(xid);
        Work work = branches.get(key);
        if (work == null || !work.resources.remove(resource) || !work.resources.isEmpty()) {
            return null;
        }
        branches.remove(key);
        return work.asked;
    }

    /** Whether others still work in a branch; the last to {@link #leave} it then learns that it is to be rolled back. */
    synchronized boolean putOffRollback(Xid xid, ServerResource asked) {
        Work work = branches.get(Key.of(xid));
        if (work == null || work.resources.contains(asked)) {
            return false;
        }
        work.asked = asked;
        return true;
    }

    /** Has the associations of everything that belongs to one adapter. */
    public interface Keeper {
        Associations associations();
    }
}
