package io.posthorn.jms.fake;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.LongBodies;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.Manifest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Bodies that were sent, whole, by the number of their upload; a delivery names the upload as its sender did. */
public final class FakeLongBodies implements LongBodies {

    public final Map<Long, byte[]> uploads = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    @Override
    public int envelopeLengthMax() {
        return 1 << 20;
    }

    @Override
    public long upload(Source body, boolean logged) throws EngineException, IOException {
        byte[] whole = new byte[(int) body.length()];
        body.read(0, whole);
        long number = numbers.incrementAndGet();
        uploads.put(number, whole);
        return number;
    }

    @Override
    public void drop(long upload) {
        uploads.remove(upload);
    }

    @Override
    public boolean fetch(Delivery delivery, Sink sink) throws EngineException, IOException {
        byte[] whole = uploads.get(Manifest.of(Envelope.of(delivery.envelope())).upload());
        if (whole == null) {
            throw new EngineException(ErrorCode.INTERNAL, "no such body");
        }
        for (int offset = 0; offset < whole.length; offset += 100_000) {
            sink.write(Arrays.copyOfRange(whole, offset, Math.min(whole.length, offset + 100_000)));
        }
        return true;
    }
}
