package io.posthorn.broker.simulation;

/** Each send and each acknowledgement stands for itself. */
final class PlainSession extends ClientSession {

    PlainSession(Client client) {
        super(client, 1);
    }

    @Override
    Ledger.Unit unit() {
        return world.ledger.new Unit("send or acknowledgement");
    }

    @Override
    boolean isTransacted() {
        return false;
    }

    @Override
    Command.Kind kindOf(boolean isVolatile) {
        return isVolatile ? Command.Kind.VOLATILE : Command.Kind.OTHER;
    }

    @Override
    void onWork(Ledger.Unit unit, Command command) {
        commit(unit, command);
    }

    @Override
    void advanceUnit() {
        // each is over at once
    }

    @Override
    void endUnit() {
        // each is over at once
    }

    @Override
    void onUnitLost() {
        // none is open
    }
}
