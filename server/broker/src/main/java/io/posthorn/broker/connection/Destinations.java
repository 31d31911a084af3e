package io.posthorn.broker.connection;

import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Refusal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import java.util.UUID;
import java.util.function.Predicate;

/** Finds destinations, and lets queues and topics come into being when they are first used. */
final class Destinations {

    private final DurableState state;
    private final Recorder recorder;
    private final Predicate<UUID> awaited;

    /** {@code awaited} says which connections of an earlier run may still come back. */
    Destinations(DurableState state, Recorder recorder, Predicate<UUID> awaited) {
        this.state = state;
        this.recorder = recorder;
        this.awaited = awaited;
    }

    /** The destination of this address, made if it is one that stays. Nothing may be pending in the recorder. */
    Destination require(Address address) throws Refusal {
        Destination destination = state.directory().find(address);
        if (destination != null) {
            return destination;
        }
        if (address.kind().isTemporary()) {
            // The owner had it before the restart, and makes it again when it comes back; what is sent waits for that.
            UUID owner = address.temporaryOwner();
            if (owner != null && awaited.test(owner)) {
                return state.directory().createTemporary(address, owner);
            }
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION, address + " does not exist any more; its connection deleted it");
        }
        checkName(address);
        recorder.add(new LogRecord.DestinationCreated(state.directory().nextNumber(), address));
        recorder.commit(Flush.LAZY);
        return state.directory().find(address);
    }

    /** Decides to create a temporary destination of this connection; one that exists is left alone. */
    Decision createTemporary(Address address, UUID owner) throws Refusal {
        if (!address.kind().isTemporary()) {
            throw new Refusal(ErrorCode.INVALID_DESTINATION, address + " is not temporary");
        }
        checkName(address);
        Destination existing = state.directory().find(address);
        if (existing != null && !owner.equals(existing.owner())) {
            throw new Refusal(ErrorCode.INVALID_DESTINATION, address + " exists already");
        }
        if (existing != null) {
            return Decision.nothing();
        }
        return Decision.volatileOnly(() -> state.directory().createTemporary(address, owner));
    }

    /** Decides to delete a temporary destination of this connection; one that does not exist is no error. */
    Decision deleteTemporary(Address address, UUID owner) throws Refusal {
        Destination destination = state.directory().find(address);
        if (destination == null) {
            return Decision.nothing();
        }
        if (!owner.equals(destination.owner())) {
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION,
                    address + (destination.owner() == null ? " is not temporary" : " belongs to another connection"));
        }
        if (destination.hasConsumers()) {
            throw new Refusal(ErrorCode.ILLEGAL_STATE, address + " has consumers; close them first");
        }
        return Decision.volatileOnly(() -> state.directory().deleteTemporary(destination));
    }

    /** Deletes all temporary destinations of a connection that is over. */
    void deleteTemporaries(UUID owner) {
        state.directory().deleteTemporaries(owner);
    }

    private static void checkName(Address address) throws Refusal {
        if (address.name().isBlank() || address.name().length() > Address.NAME_LENGTH_MAX) {
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION,
                    "a destination's name has 1 to " + Address.NAME_LENGTH_MAX + " characters, not "
                            + address.name().length());
        }
    }
}
