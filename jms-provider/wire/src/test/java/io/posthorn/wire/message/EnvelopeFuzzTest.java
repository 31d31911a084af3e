package io.posthorn.wire.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever an envelope or a value holds, only {@link MalformedException} comes out. */
class EnvelopeFuzzTest {

    private static final int ITERATIONS = 200_000;

    /** Inputs have less than a thousand bytes: objects for them, an exception, and air. */
    private static final long ALLOCATED_MAX = 512 << 10;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldSurviveAnyEnvelope() {
        long seed = Long.getLong("posthorn.seed", System.nanoTime());
        System.out.println("EnvelopeFuzzTest seed " + seed);
        Random random = new Random(seed);
        byte[] full = EnvelopeTest.full().bytes();
        int read = 0;
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            byte[] input = envelope(random, full);
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                readAll(Envelope.of(input));
                read++;
            } catch (MalformedException expected) {
                assertThat(expected).hasMessageMatching("(?s).+");
            } catch (RuntimeException | Error wrong) {
                throw new AssertionError(
                        "seed " + seed + ", input " + HexFormat.of().formatHex(input), wrong);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATED_MAX);
        }
        assertThat(read).isBetween(ITERATIONS / 100, ITERATIONS * 9 / 10);
    }

    @Test
    void shouldReadAndPassOverTheSameBytesOfAnyValue() {
        long seed = Long.getLong("posthorn.seed", System.nanoTime());
        System.out.println("EnvelopeFuzzTest seed " + seed);
        Random random = new Random(seed);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            byte[] input = new byte[random.nextInt(20)];
            random.nextBytes(input);
            if (input.length > 1) {
                input[0] = (byte) random.nextInt(13);
                input[1] &= 0x0F;
            }
            assertThat(endOfSkip(input)).as("seed %s", seed).isEqualTo(endOfRead(input));
        }
    }

    private static void readAll(Envelope envelope) {
        envelope.bodyKind();
        envelope.body().readRemaining();
        envelope.messageId();
        envelope.correlationId();
        envelope.correlationBytes();
        envelope.type();
        envelope.destination();
        envelope.replyTo();
        envelope.property("d");
        envelope.property("not there");
        envelope.decodeProperties();
        Envelope again = EnvelopeBuilder.from(envelope).build();
        assertThat(again.decodeProperties().keySet())
                .isEqualTo(envelope.decodeProperties().keySet());
    }

    private static byte[] envelope(Random random, byte[] full) {
        byte[] bytes = full.clone();
        switch (random.nextInt(4)) {
            case 0 -> {
                bytes = new byte[random.nextInt(100)];
                random.nextBytes(bytes);
                if (bytes.length > 0) {
                    bytes[0] = 1;
                }
            }
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> {
                byte[] rest = new byte[bytes.length - 40];
                random.nextBytes(rest);
                System.arraycopy(rest, 0, bytes, 40, rest.length);
            }
            default -> {
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    int index = random.nextInt(4) == 0 ? random.nextInt(40) : 40 + random.nextInt(bytes.length - 40);
                    bytes[index] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return bytes;
    }

    private static int endOfRead(byte[] input) {
        ByteReader in = new ByteReader(input, 0, input.length);
        try {
            Values.read(in);
            return in.index();
        } catch (MalformedException refused) {
            return -1;
        }
    }

    private static int endOfSkip(byte[] input) {
        ByteReader in = new ByteReader(input, 0, input.length);
        try {
            Values.skip(in);
            return in.index();
        } catch (MalformedException refused) {
            return -1;
        }
    }
}
