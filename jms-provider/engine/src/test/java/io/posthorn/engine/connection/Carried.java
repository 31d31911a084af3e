package io.posthorn.engine.connection;

import io.posthorn.engine.model.World;

/** What was carried since the mark, and who was woken for it. */
final class Carried {

    private final World world;
    private int executed;
    private int flushes;

    Carried(World world) {
        this.world = world;
    }

    void mark() {
        executed = world.transport.executed;
        flushes = world.transport.link.flushes;
        world.server.frames.clear();
    }

    /** How often the event loop was woken. */
    int woken() {
        return world.transport.executed - executed;
    }

    int flushes() {
        return world.transport.link.flushes - flushes;
    }
}
