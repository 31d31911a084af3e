package io.posthorn.wire.selector.expression;

import io.posthorn.wire.message.Envelope;

/** Something that is true, false or unknown of a message. As an operand of = and &lt;&gt; it is a boolean. */
public interface Condition extends Operand {

    Truth test(Envelope message);

    @Override
    default Type type() {
        return Type.FLAG;
    }

    @Override
    default void read(Envelope message, Cell out) {
        Truth truth = test(message);
        if (truth == Truth.UNKNOWN) {
            out.setNull();
        } else {
            out.setFlag(truth == Truth.TRUE);
        }
    }
}
