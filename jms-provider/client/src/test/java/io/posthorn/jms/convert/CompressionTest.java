package io.posthorn.jms.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.MessageFormatException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompressionTest {

    @Test
    void shouldGiveBackWhatWasCompressed() throws MessageFormatException {
        for (int length : new int[] {1025, 5000, 1_000_000}) {
            byte[] body = new byte[length];
            Arrays.fill(body, 0, length / 2, (byte) 'x');
            byte[] compressed = Compression.deflate(body, length);
            byte[] framed = new byte[compressed.length + 5];
            System.arraycopy(compressed, 0, framed, 3, compressed.length);

            assertThat(compressed.length).isLessThan(length);
            assertThat(Compression.inflate(framed, 3, compressed.length)).isEqualTo(body);
        }
    }

    @Test
    void shouldLeaveBodiesThatDoNotShrink() {
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);

        assertThat(Compression.deflate(noise, noise.length)).isNull();
        assertThat(Compression.deflate(new byte[1024], 1024)).isNull();
        assertThat(Compression.deflate(new byte[5000], 1024)).isNull();
    }

    @Test
    void shouldRefuseLengthsThatCannotBeTrue() {
        byte[] compressed = Compression.deflate(new byte[5000], 5000);
        for (int length : new int[] {0x7FFFFFFF, -1, (1 << 30) + 1, 1 << 29}) {
            byte[] lying = compressed.clone();
            lying[0] = (byte) (length >>> 24);
            lying[1] = (byte) (length >>> 16);
            lying[2] = (byte) (length >>> 8);
            lying[3] = (byte) length;

            assertThatThrownBy(() -> Compression.inflate(lying, 0, lying.length))
                    .isInstanceOf(MessageFormatException.class)
                    .hasMessageContaining("claims");
        }
    }

    @Test
    void shouldRefuseMoreOrLessThanTheLengthSays() {
        byte[] compressed = Compression.deflate(new byte[5000], 5000);
        byte[] shorter = compressed.clone();
        shorter[3]--;
        byte[] longer = compressed.clone();
        longer[3]++;

        assertThatThrownBy(() -> Compression.inflate(shorter, 0, shorter.length))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("does not end after");
        assertThatThrownBy(() -> Compression.inflate(longer, 0, longer.length))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("ends after 5000");
        assertThatThrownBy(() -> Compression.inflate(compressed, 0, 3)).isInstanceOf(MessageFormatException.class);
        assertThatThrownBy(() -> Compression.inflate(compressed, 0, compressed.length - 6))
                .isInstanceOf(MessageFormatException.class);
    }

    @Test
    void shouldRefuseDamage() {
        byte[] compressed = Compression.deflate(new byte[5000], 5000);
        compressed[4] = 0;

        assertThatThrownBy(() -> Compression.inflate(compressed, 0, compressed.length))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("damaged");
    }
}
