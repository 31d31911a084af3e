package io.posthorn.engine.transport;

import io.posthorn.engine.EngineException;
import io.posthorn.wire.frame.ServerFrame;

/** What happens to one link. Called on the event loop of its transport; an exception from here ends the link. */
public interface LinkListener {

    /** The preface was exchanged: CONNECT may be sent. */
    void onOpen(Link link);

    void onFrame(ServerFrame frame);

    /** All frames of a read burst have come: a good time to flush. */
    void onBurstEnd();

    /**
     * Once, and the last call; also when connecting failed, and then without {@link #onOpen}. The code is
     * CONNECTION_LOST when trying again may help; VERSION, PROTOCOL, SECURITY and others when it does not; CLOSED after
     * {@link Link#close} or {@link Transport#release}.
     */
    void onClosed(EngineException cause);
}
