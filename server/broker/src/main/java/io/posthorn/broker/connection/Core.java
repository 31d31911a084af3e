package io.posthorn.broker.connection;

import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.body.Bodies;
import io.posthorn.broker.queue.Courier;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.transaction.Branches;
import io.posthorn.broker.transaction.Units;

/** The parts of the broker that connections work on. */
public record Core(
        BrokerSettings settings,
        DurableState state,
        Recorder recorder,
        Units units,
        Branches branches,
        LogProgress progress,
        Courier courier,
        Admission admission,
        PieceSource pieces) {

    /** Long bodies, and who needs them. */
    Bodies bodies() {
        return state.directory().bodies();
    }
}
