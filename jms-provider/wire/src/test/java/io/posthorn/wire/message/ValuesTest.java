package io.posthorn.wire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class ValuesTest {

    private static final Object[] VALUES = {
        null,
        true,
        false,
        Byte.MIN_VALUE,
        Short.MIN_VALUE,
        Character.MAX_VALUE,
        '\uD800',
        Integer.MIN_VALUE,
        Long.MIN_VALUE,
        Float.MIN_VALUE,
        -0.0f,
        Float.NaN,
        Double.MAX_VALUE,
        Double.NEGATIVE_INFINITY,
        Double.NaN,
        "",
        "a\u00E9\u20AC\uD83D\uDCEF",
        new byte[0],
        new byte[] {1, -1}
    };

    @Test
    void shouldGiveBackEachTypeOfJms() {
        ByteWriter out = new ByteWriter(0);
        for (Object value : VALUES) {
            Values.write(out, value);
        }
        ByteReader in = new ByteReader(out.array(), 0, out.size());
        for (Object value : VALUES) {
            assertThat(Values.read(in)).isEqualTo(value);
        }
        assertThat(in.hasRemaining()).isFalse();
    }

    @Test
    void shouldKeepTheBitsOfNumbersThatAreNone() {
        ByteWriter out = new ByteWriter(0);
        Values.write(out, Float.intBitsToFloat(0x7FC12345));
        Values.write(out, Double.longBitsToDouble(0x7FF8123456789ABCL));
        ByteReader in = new ByteReader(out.array(), 0, out.size());
        assertThat(Float.floatToRawIntBits((Float) Values.read(in))).isEqualTo(0x7FC12345);
        assertThat(Double.doubleToRawLongBits((Double) Values.read(in))).isEqualTo(0x7FF8123456789ABCL);
    }

    @Test
    void shouldPassOverEachTypeWithoutReadingIt() {
        for (Object value : VALUES) {
            ByteWriter out = new ByteWriter(0);
            Values.write(out, value);
            out.writeByte(77);
            ByteReader in = new ByteReader(out.array(), 0, out.size());
            Values.skip(in);
            assertThat(in.readByte()).isEqualTo(77);
        }
    }

    @Test
    void shouldKeepTheNumbersOfTheTypes() {
        Object[] byNumber = {null, true, (byte) 1, (short) 1, 'a', 1, 1L, 1f, 1d, "a", new byte[0]};
        for (int number = 0; number < byNumber.length; number++) {
            ByteWriter out = new ByteWriter(0);
            Values.write(out, byNumber[number]);
            assertThat(out.array()[0]).isEqualTo((byte) number);
        }
    }

    @Test
    void shouldRefuseToWriteOtherTypes() {
        assertThatThrownBy(() -> Values.write(new ByteWriter(0), BigDecimal.ONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.math.BigDecimal");
    }

    @Test
    void shouldRefuseUnknownTypes() {
        for (int type : new int[] {11, 127, 255}) {
            ByteReader in = new ByteReader(new byte[] {(byte) type, 0}, 0, 2);
            assertThatThrownBy(() -> Values.read(in))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("unknown value type");
            ByteReader again = new ByteReader(new byte[] {(byte) type, 0}, 0, 2);
            assertThatThrownBy(() -> Values.skip(again)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void shouldRefuseValuesThatAreCutShort() {
        for (Object value : VALUES) {
            ByteWriter out = new ByteWriter(0);
            Values.write(out, value);
            for (int length = 0; length < out.size(); length++) {
                ByteReader in = new ByteReader(out.array(), 0, length);
                assertThatThrownBy(() -> Values.read(in)).isInstanceOf(MalformedException.class);
                ByteReader again = new ByteReader(out.array(), 0, length);
                assertThatThrownBy(() -> Values.skip(again)).isInstanceOf(MalformedException.class);
            }
        }
    }
}
