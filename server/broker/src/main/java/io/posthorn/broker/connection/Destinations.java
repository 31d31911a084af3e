package io.posthorn.broker.connection;

import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Refusal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;

/** Finds destinations, and lets queues and topics come into being when they are first used. */
final class Destinations {

    private final DurableState state;
    private final Recorder recorder;

    Destinations(DurableState state, Recorder recorder) {
        this.state = state;
        this.recorder = recorder;
    }

    /** The destination of this address, made if it is one that stays. Nothing may be pending in the recorder. */
    Destination require(Address address) throws Refusal {
        Destination destination = state.directory().find(address);
        if (destination != null) {
            return destination;
        }
        if (address.kind().isTemporary()) {
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION, address + " does not exist any more; its connection deleted it");
        }
        if (address.name().isBlank() || address.name().length() > Address.NAME_LENGTH_MAX) {
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION,
                    "a destination's name has 1 to " + Address.NAME_LENGTH_MAX + " characters, not "
                            + address.name().length());
        }
        recorder.add(new LogRecord.DestinationCreated(state.directory().nextNumber(), address));
        recorder.commit(Flush.LAZY);
        return state.directory().find(address);
    }
}
