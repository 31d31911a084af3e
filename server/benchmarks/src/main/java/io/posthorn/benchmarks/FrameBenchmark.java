package io.posthorn.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.Frame;
import io.posthorn.wire.frame.FrameDecoder;
import io.posthorn.wire.frame.FrameEncoder;
import io.posthorn.wire.frame.FrameType;
import io.posthorn.wire.frame.ServerFrame;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Frames into bytes and back: the three that each message needs, and the one that many share. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class FrameBenchmark {
    private static final long SESSION = 1;
    private static final long NUMBER = 1_000_000;
    private static final int ROOM = 4096;

    private final ByteBuf buffer = Unpooled.directBuffer(ROOM);
    private final FrameEncoder encoder = new FrameEncoder();
    private final byte[] envelope = Samples.message(true).bytes();
    private final Frame send = new ClientFrame.Send(NUMBER, SESSION, false, true, 1, envelope);
    private final Frame deliver = new ServerFrame.Deliver(1, 1, NUMBER, 0, false, envelope);
    private final Frame acknowledge = new ClientFrame.Acknowledge(NUMBER, 1, false, false, EntryRanges.of(NUMBER));
    private final Frame confirmed = new ServerFrame.Confirmed(NUMBER);
    private final ByteBuf sendBytes = bytes(send);
    private final ByteBuf deliverBytes = bytes(deliver);
    private final ByteBuf acknowledgeBytes = bytes(acknowledge);
    private final FrameDecoder server = new FrameDecoder(FrameType.Side.CLIENT, Frame.LENGTH_MAX_DEFAULT);
    private final FrameDecoder client = new FrameDecoder(FrameType.Side.SERVER, Frame.LENGTH_MAX_DEFAULT);

    @Benchmark
    public int encodeSend() {
        return encode(send);
    }

    @Benchmark
    public int encodeDeliver() {
        return encode(deliver);
    }

    @Benchmark
    public int encodeAcknowledge() {
        return encode(acknowledge);
    }

    @Benchmark
    public int encodeConfirmed() {
        return encode(confirmed);
    }

    @Benchmark
    public Frame decodeSend() {
        return server.decode(sendBytes.readerIndex(0));
    }

    @Benchmark
    public Frame decodeDeliver() {
        return client.decode(deliverBytes.readerIndex(0));
    }

    @Benchmark
    public Frame decodeAcknowledge() {
        return server.decode(acknowledgeBytes.readerIndex(0));
    }

    private int encode(Frame frame) {
        encoder.encode(frame, buffer.clear());
        return buffer.writerIndex();
    }

    private static ByteBuf bytes(Frame frame) {
        ByteBuf target = Unpooled.directBuffer(ROOM);
        new FrameEncoder().encode(frame, target);
        return target;
    }
}
