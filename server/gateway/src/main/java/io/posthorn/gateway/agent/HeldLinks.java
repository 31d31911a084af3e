package io.posthorn.gateway.agent;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Whose sockets are not read, and until when. The broker's loop only, but for {@link #isAny}. */
final class HeldLinks {

    private final Map<Link, BooleanSupplier> overByLink = new IdentityHashMap<>();
    private volatile boolean any;

    /** The link is not read until this is over; true when it was read until now. */
    boolean hold(Link link, BooleanSupplier over) {
        if (overByLink.putIfAbsent(link, over) != null) {
            return false;
        }
        link.hold(true);
        any = true;
        return true;
    }

    /** Reads again whose time is over. */
    void release() {
        if (overByLink.isEmpty()) {
            return;
        }
        overByLink.entrySet().removeIf(held -> {
            boolean over = held.getValue().getAsBoolean();
            if (over) {
                held.getKey().hold(false);
            }
            return over;
        });
        any = !overByLink.isEmpty();
    }

    /** The link is gone. */
    void remove(Link link) {
        overByLink.remove(link);
        any = !overByLink.isEmpty();
    }

    /** Any thread: whether somebody must see to it that {@link #release} is called. */
    boolean isAny() {
        return any;
    }
}
