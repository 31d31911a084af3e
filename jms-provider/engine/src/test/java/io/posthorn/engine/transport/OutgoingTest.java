package io.posthorn.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.posthorn.engine.model.Messages;
import io.posthorn.wire.frame.ClientFrame;
import org.junit.jupiter.api.Test;

/** How long the buffers are in which frames are gathered. */
class OutgoingTest {

    private static final int WHOLE = 64 << 10;

    private final Outgoing outgoing = new Outgoing(UnpooledByteBufAllocator.DEFAULT);
    private long command;

    private void add(int count) {
        byte[] envelope = Messages.persistent("x".repeat(1000));
        for (int number = 0; number < count; number++) {
            outgoing.add(new ClientFrame.Send(++command, 1, false, true, 1, envelope));
        }
    }

    /** Returns how long the last buffer was when it was made, or has become. */
    private int takeAll() {
        int capacity = 0;
        for (ByteBuf taken = outgoing.take(); taken != null; taken = outgoing.take()) {
            capacity = taken.capacity();
            taken.release();
        }
        return capacity;
    }

    @Test
    void shouldBeginAsTheLastFlushEnded() {
        add(1);
        takeAll();
        add(10);
        takeAll();
        add(1);

        assertThat(takeAll()).isBetween(10_000, 20_000);
        add(1);
        assertThat(takeAll()).isLessThan(5_000);
    }

    /** What is left of a stream says nothing of what comes next; its buffers would all have to grow. */
    @Test
    void shouldBeginWithWholeBuffersInAStream() {
        add(121);
        assertThat(takeAll()).as("the rest").isEqualTo(WHOLE);
        add(1);

        assertThat(takeAll()).isEqualTo(WHOLE);
        add(1);
        assertThat(takeAll()).as("no stream any more").isLessThan(5_000);
    }
}
