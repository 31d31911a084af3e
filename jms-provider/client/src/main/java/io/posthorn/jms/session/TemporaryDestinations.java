package io.posthorn.jms.session;

import io.posthorn.engine.EngineConnection;
import io.posthorn.engine.EngineException;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.wire.frame.Address;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import java.util.HashMap;
import java.util.Map;

/**
 * The temporary destinations that a connection made and did not delete (section 6.2.2): only its own consumers may receive from
 * them, and none of them is deleted under a consumer. Safe from any thread; the monitor guards the map only.
 */
public final class TemporaryDestinations {

    private final EngineConnection engine;
    /** How many consumers each has. */
    private final Map<Address, Integer> consumers = new HashMap<>();

    private long made;

    public TemporaryDestinations(EngineConnection engine) {
        this.engine = engine;
    }

    /** Makes one at the server, of a name that holds the connection's identifier and is never used again. */
    public Address create(Address.Kind kind) throws JMSException {
        Address address;
        synchronized (this) {
            address = Address.temporary(kind, engine.id(), ++made);
        }
        try {
            engine.createTemporary(address).await();
        } catch (EngineException e) {
            throw JmsErrors.of("cannot create " + address, e);
        }
        synchronized (this) {
            consumers.put(address, 0);
        }
        return address;
    }

    /** Deletes one; refused while it has consumers. Deleting it again does nothing. */
    public void delete(Address address) throws JMSException {
        synchronized (this) {
            Integer count = consumers.get(address);
            if (count == null) {
                return;
            }
            if (count > 0) {
                throw JmsErrors.illegalState(
                        address + " has " + count + " consumer(s); close them before it is deleted");
            }
            consumers.remove(address);
        }
        try {
            engine.deleteTemporary(address).await();
        } catch (EngineException e) {
            throw JmsErrors.of("cannot delete " + address, e);
        }
    }

    /** Before a consumer or browser is opened: refuses a temporary destination that is not (or no longer) of this connection. */
    public synchronized void onConsumerOpening(Address address) throws InvalidDestinationException {
        if (!address.kind().isTemporary()) {
            return;
        }
        Integer count = consumers.get(address);
        if (count == null) {
            throw new InvalidDestinationException(
                    address + " is not a temporary destination of this connection, or was deleted; only the connection"
                            + " that created it may receive from it");
        }
        consumers.put(address, count + 1);
    }

    /** The counterpart of {@link #onConsumerOpening}. */
    public synchronized void onConsumerClosed(Address address) {
        if (address.kind().isTemporary()) {
            consumers.computeIfPresent(address, (key, count) -> count - 1);
        }
    }
}
