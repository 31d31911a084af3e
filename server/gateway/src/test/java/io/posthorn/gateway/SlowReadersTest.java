package io.posthorn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hundreds of clients give plenty of credit and never read: what is held for them is bounded, and others are served. */
@Timeout(60)
class SlowReadersTest {

    private static final Address TOPIC = Address.topic("t");
    private static final int READERS = 200;
    private static final int MESSAGES = 100;
    private static final int BODY_BYTES = 64 << 10;

    @Test
    void shouldHoldLittleForThoseWhoDoNotRead() throws Exception {
        List<Peer> readers = new ArrayList<>();
        try (TestGateway gateway = TestGateway.start()) {
            for (int number = 0; number < READERS; number++) {
                Peer reader = Peer.narrow(gateway.address());
                readers.add(reader);
                reader.connect(0);
                consume(reader);
            }
            Peer quick = Peer.connected(gateway.address());
            readers.add(quick);
            consume(quick);
            quick.send(new ClientFrame.DeclareAddress(1, TOPIC));
            long mostBytes = 0;
            for (int number = 0; number < MESSAGES; number++) {
                quick.send(new ClientFrame.Send(3 + number, 1, false, true, 1, message()));
                ServerFrame frame = quick.receive();
                while (!(frame instanceof ServerFrame.Deliver)) {
                    frame = quick.receive();
                }
                mostBytes = Math.max(mostBytes, gateway.gateway().outgoingBytes());
            }
            // unbounded it is 1.2 GiB, less what the kernel takes
            assertThat(mostBytes)
                    .isPositive()
                    .isLessThan(Runtime.getRuntime().maxMemory() / 16 + READERS * 3L * BODY_BYTES);
        } finally {
            for (Peer reader : readers) {
                reader.close();
            }
        }
    }

    private static byte[] message() {
        return new EnvelopeBuilder()
                .persistent(false)
                .body(BodyKind.BYTES, new byte[BODY_BYTES], BODY_BYTES)
                .build()
                .bytes();
    }

    private static void consume(Peer peer) throws Exception {
        Source topic = new Source(TOPIC, Source.Mode.CONSUME, null, false, false, false, null);
        peer.send(new ClientFrame.OpenSession(1, 1));
        peer.send(new ClientFrame.Attach(2, 1, 1, 1, topic, EntryRanges.NONE));
        peer.send(new ClientFrame.Credit(1, 1, 1_000_000));
    }
}
