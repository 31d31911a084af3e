package io.posthorn.gateway.agent;

import io.posthorn.broker.Outlet;

/** An outlet that says whether it was closed, by whom ever on the broker's side. Broker's loop only. */
public interface Line extends Outlet {

    /** True from the moment of {@link #close} on, long before the socket is gone. */
    boolean isClosed();
}
