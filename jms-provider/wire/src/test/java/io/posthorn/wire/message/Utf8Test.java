package io.posthorn.wire.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

    @Test
    void shouldEncodeOrdinaryTextAsUtf8() {
        for (String text : new String[] {"", "orders", "Grüße?", "\u20AC 5", "\uD83D\uDCEF horn", "\uFFFD"}) {
            byte[] bytes = Utf8.encode(text);

            assertThat(bytes).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
            assertThat(Utf8.decode(bytes, 0, bytes.length)).isEqualTo(text);
        }
    }

    @Test
    void shouldKeepSurrogatesThatAreNotInPairs() {
        assertThat(Utf8.encode("\uD800")).containsExactly(0xED, 0xA0, 0x80);
        assertThat(Utf8.encode("\uDFFF")).containsExactly(0xED, 0xBF, 0xBF);
        for (String text :
                new String[] {"\uD800", "a\uDC00b", "\uDC00\uD800", "\uD83D\uD83D\uDCEF\uDCEF", "?\uD800\uFFFD"}) {
            byte[] bytes = Utf8.encode(text);

            assertThat(Utf8.decode(bytes, 0, bytes.length)).isEqualTo(text);
        }
    }

    @Test
    void shouldRoundTripAnyString() {
        long seed = System.nanoTime();
        System.out.println("Utf8Test seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            char[] units = new char[random.nextInt(12)];
            for (int index = 0; index < units.length; index++) {
                units[index] = (char)
                        switch (random.nextInt(4)) {
                            case 0 -> random.nextInt(128);
                            case 1 -> 0xD800 + random.nextInt(0x800);
                            case 2 -> 0xFFF0 + random.nextInt(16);
                            default -> random.nextInt(0x10000);
                        };
            }
            String text = new String(units);
            ByteWriter out = new ByteWriter(16);
            out.writeString(text);
            ByteReader in = new ByteReader(out.array(), 0, out.size());

            assertThat(in.readString()).as("seed %s", seed).isEqualTo(text);
            assertThat(in.hasRemaining()).isFalse();
        }
    }

    @Test
    void shouldReplaceWhatIsNeitherUtf8NorASurrogate() {
        byte[] bytes = {'a', (byte) 0xFF, 'b', (byte) 0xED, (byte) 0xA0};

        assertThat(Utf8.decode(bytes, 0, bytes.length)).startsWith("a\uFFFDb").doesNotContain("\uD800");
    }
}
